package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an experiment has found so far, a line for each result in a text file, so that a stopped experiment goes on.
 */
final class ResultFile {

    private static final String SEPARATOR = "\t";

    private final Path file;
    private final Map<String, String> finished = new LinkedHashMap<>();

    /**
     * Opens a file, or begins it.
     *
     * @throws IOException if it can't be read
     */
    ResultFile(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            String text = Files.readString(file);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            if (!whole.equals(text)) {
                // The process was killed while it wrote a line.
                AtomicFiles.writeText(file, whole);
            }
            whole.lines().map(l -> l.split(SEPARATOR, 2)).forEach(l -> finished.put(l[0], l[l.length - 1]));
        }
    }

    /**
     * A result.
     *
     * @param key as given to {@link #add}
     * @return the result, or empty where it is missing
     */
    synchronized Optional<String> of(String key) {
        return Optional.ofNullable(finished.get(key));
    }

    /**
     * Adds a result.
     *
     * @param key what it is known by: everything that decides it but the program itself; without tabs and line ends
     * @param result without line ends
     * @throws IOException if it can't be written
     */
    synchronized void add(String key, String result) throws IOException {
        finished.put(key, result);
        Files.writeString(file, key + SEPARATOR + result + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
