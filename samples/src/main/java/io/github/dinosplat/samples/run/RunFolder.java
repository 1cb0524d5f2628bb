package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The output folder of one run. It belongs to that run alone: a folder that holds another run or other files is refused,
 * and two processes cannot work in one folder at the same time.
 *
 * <p>{@code cache/key.json} says which inputs and options the run has; it is the first file written. A finished stage
 * leaves {@code cache/stages/NAME.json}, written after all of the stage's other files and naming them: what has such a
 * record is complete, whatever happened to the process afterwards, unless someone takes a file away. A folder where a run failed before its first such record, and
 * that has nothing but {@code cache/}, counts as free.
 */
final class RunFolder implements AutoCloseable {

    /** Where a run keeps its inputs and options. */
    static final String KEY = "cache/key.json";

    /** Of a stage's record: the files that the stage left. */
    private static final String FILES = "files";

    private static final String STAGES = "cache/stages";
    private static final String LOCK = "lock";

    private final Path root;
    private final FileChannel lockChannel;

    private RunFolder(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a folder for a run, making it where it is missing.
     *
     * @param root the output folder
     * @param key the inputs and options on which results depend
     * @param resume whether to go on with a run that the folder holds already
     * @return the folder, locked for this process
     * @throws IOException if the folder cannot be written, holds other files, holds a run and {@code resume} is false, or
     *     holds a run with another key
     */
    static RunFolder open(Path root, ObjectNode key, boolean resume) throws IOException {
        requireUsable(root, resume);
        try {
            Files.createDirectories(root.resolve(STAGES));
        } catch (IOException e) {
            throw new IOException("cannot write in " + root + "; choose another folder for -o", e);
        }
        FileChannel channel = lock(root);
        try {
            // Once more: now that no other process works here, what the folder holds stays as it is.
            requireUsable(root, resume);
            takeOver(root, key, resume);
            return new RunFolder(root, channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void requireUsable(Path root, boolean resume) throws IOException {
        boolean mayGoOn = resume && Files.isRegularFile(root.resolve(KEY));
        if (!mayGoOn && !holdsNothingFinished(root)) {
            requireFree(root);
        }
    }

    /** Whether a run failed here before its first stage was finished: it left its cache, which no one asked for. */
    private static boolean holdsNothingFinished(Path root) throws IOException {
        if (!Files.isRegularFile(root.resolve(KEY)) || holdsOtherFiles(root)) {
            return false;
        }
        Path stages = root.resolve(STAGES);
        return !Files.isDirectory(stages) || list(stages).isEmpty();
    }

    private static void takeOver(Path root, ObjectNode key, boolean resume) throws IOException {
        Path keyFile = root.resolve(KEY);
        if (Files.isRegularFile(keyFile)) {
            ObjectNode held = readKey(keyFile);
            if (resume) {
                requireSame(held, key, root);
                return;
            }
            if (Json.line(held).equals(Json.line(key))) {
                return; // The same run again: its cache is good.
            }
            clearCache(root.resolve("cache"));
        }
        Files.createDirectories(root.resolve(STAGES));
        Json.write(key, keyFile);
    }

    private static ObjectNode readKey(Path keyFile) throws IOException {
        try {
            return Json.read(keyFile);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; the run cannot be resumed, choose another folder for -o", e);
        }
    }

    /** Deletes what a failed run had cached, its key last; the lock stays, because this process holds it. */
    private static void clearCache(Path cache) throws IOException {
        Path keyFile = cache.resolve("key.json");
        deleteAll(cache, p -> !p.equals(cache) && !p.equals(cache.resolve(LOCK)) && !p.equals(keyFile));
        Files.delete(keyFile);
    }

    /** Refuses a folder that holds a run or anything else. */
    static void requireFree(Path root) throws IOException {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new IOException(root + " is a file; choose a folder for -o");
        }
        if (Files.isRegularFile(root.resolve(KEY))) {
            throw new IOException(
                    root + " holds a run already; go on with it by --resume, or choose another folder for -o");
        }
        if (holdsOtherFiles(root)) {
            throw new IOException(root + " is not empty and holds no run; choose another folder for -o");
        }
    }

    /** Writes files. */
    @FunctionalInterface
    interface Filling {
        void write() throws IOException;
    }

    /**
     * Writes files into a folder without a run, all of them or none: when one cannot be written, those before it are
     * taken away again, so that the same command can be given once more.
     *
     * @param root the folder, new or empty
     * @param filling writes the files
     * @throws IOException if the folder holds anything, or a file cannot be written
     */
    static void fill(Path root, Filling filling) throws IOException {
        requireFree(root);
        boolean isNew = !Files.exists(root);
        try {
            filling.write();
        } catch (IOException | RuntimeException e) {
            if (Files.isDirectory(root)) {
                Path cache = root.resolve("cache"); // a stopped run's, not ours
                deleteAll(root, p -> isNew || !(p.equals(root) || p.startsWith(cache)));
            }
            throw e;
        }
    }

    /** Deletes what is chosen of a folder and all in it, what lies in a folder before the folder itself. */
    private static void deleteAll(Path folder, Predicate<Path> choice) throws IOException {
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(folder)) {
            paths = tree.sorted(Comparator.reverseOrder()).filter(choice).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }

    /** Deletes a folder that holds a run of the given command, and nothing else; for runs that are made to be repeated. */
    static void clear(Path root, String command) throws IOException {
        Path keyFile = root.resolve(KEY);
        if (!Files.isRegularFile(keyFile)
                || !Json.read(keyFile).path("command").asText().equals(command)) {
            return;
        }
        // The key goes last: a folder that is half deleted is still known as the run's.
        deleteAll(root, p -> !keyFile.startsWith(p));
        Files.delete(keyFile);
    }

    private static boolean holdsOtherFiles(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return false;
        }
        // A run that was killed before it wrote its key has made cache/ and nothing else.
        try (Stream<Path> list = Files.list(root)) {
            return list.anyMatch(p -> !p.getFileName().toString().equals("cache"));
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel channel = FileChannel.open(
                root.resolve("cache").resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer.
        } catch (IOException e) {
            // A file system without locks: go on, as most programs do.
            return channel;
        }
        channel.close();
        throw new IOException(
                "another process is working in " + root + "; wait for it or choose another folder for -o");
    }

    private static void requireSame(ObjectNode held, ObjectNode wanted, Path root) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        held.fieldNames().forEachRemaining(names::add);
        wanted.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode before = held.path(name);
            JsonNode now = wanted.path(name);
            if (!Json.line(before).equals(Json.line(now))) {
                throw new IOException("cannot resume the run in " + root + ": " + difference(name, before, now)
                        + "; use the same inputs and options, or choose another folder for -o");
            }
        }
    }

    private static String difference(String name, JsonNode before, JsonNode now) {
        if (!before.isObject() || !now.isObject()) {
            return isHash(before) && isHash(now)
                    ? name + " has changed"
                    : name + " was " + text(before) + " and is now " + text(now);
        }
        Set<String> keys = new TreeSet<>();
        before.fieldNames().forEachRemaining(keys::add);
        now.fieldNames().forEachRemaining(keys::add);
        List<String> changed =
                keys.stream().filter(k -> !before.path(k).equals(now.path(k))).toList();
        String first = changed.get(0);
        String others = changed.size() > 1 ? " (and " + (changed.size() - 1) + " more)" : "";
        if (isHash(before.path(first)) && isHash(now.path(first))) {
            return first + " in " + name + " has changed" + others;
        }
        if (isHash(before.path(first)) || isHash(now.path(first))) {
            return first + (before.has(first) ? " is gone from " : " is new in ") + name + others;
        }
        return first + " in " + name + " was " + text(before.path(first)) + " and is now " + text(now.path(first))
                + others;
    }

    /** Hashes tell a reader nothing; the name of what has them does. */
    private static boolean isHash(JsonNode node) {
        return node.asText().matches("[0-9a-f]{64,}");
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? "not set" : node.asText(node.toString());
    }

    Path root() {
        return root;
    }

    /** A path under the folder, its parent folders made. */
    Path file(String relative) throws IOException {
        Path file = root.resolve(relative);
        Files.createDirectories(file.getParent());
        return file;
    }

    /** A folder under {@code cache/}, made. */
    Path cache(String name) throws IOException {
        return Files.createDirectories(root.resolve("cache").resolve(name));
    }

    /** The work of a stage: writes its files and returns what there is to say about them. */
    @FunctionalInterface
    interface Work {
        ObjectNode run() throws IOException;
    }

    /**
     * Does a stage's work, or nothing where the folder holds the finished stage already with all of its files.
     *
     * @param name name of the stage
     * @param work the work; its files must all be written when it returns
     * @return the stage's record, with {@code seconds} and {@code cpu_seconds} of the sitting that finished it
     * @throws IOException if the work fails
     */
    ObjectNode stage(String name, Work work) throws IOException {
        Path file = stageFile(name);
        Optional<ObjectNode> finished = record(name);
        if (finished.isEmpty() || !holdsFiles(finished.get())) {
            Files.deleteIfExists(file);
            StageClock clock = new StageClock();
            ObjectNode record = work.run();
            clock.stop(record);
            record.set(FILES, filesOfNoRecord());
            Json.write(record, file);
        }
        return Json.read(file);
    }

    /** The record of a stage, or empty where the run has not finished it. */
    Optional<ObjectNode> record(String name) throws IOException {
        Path file = stageFile(name);
        try {
            return Files.isRegularFile(file) ? Optional.of(Json.read(file)) : Optional.empty();
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; delete it to have this stage done again", e);
        }
    }

    private Path stageFile(String name) {
        return root.resolve(STAGES).resolve(name + ".json");
    }

    private boolean holdsFiles(ObjectNode record) {
        for (JsonNode file : record.path(FILES)) {
            if (!Files.isRegularFile(root.resolve(file.asText()))) {
                return false;
            }
        }
        return true;
    }

    /** What lies outside of the cache and comes neither from a finished stage nor from the run's own records. */
    private ArrayNode filesOfNoRecord() throws IOException {
        Set<String> known = new HashSet<>(RunRecords.FILES);
        for (Path record : list(root.resolve(STAGES))) {
            Json.read(record).path(FILES).forEach(f -> known.add(f.asText()));
        }
        ArrayNode files = Json.array();
        try (Stream<Path> tree = Files.walk(root)) {
            tree.filter(f -> !f.startsWith(root.resolve("cache")) && Files.isRegularFile(f))
                    .map(f -> root.relativize(f).toString().replace('\\', '/'))
                    .filter(f -> !known.contains(f))
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> p.toString().endsWith(".json")).toList();
        }
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
    }
}
