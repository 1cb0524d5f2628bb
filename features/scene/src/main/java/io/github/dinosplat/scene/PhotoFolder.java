package io.github.dinosplat.scene;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The photos of a folder and its subfolders.
 *
 * @param photos usable photos, sorted by name
 * @param skipped picture files that can't be used, sorted by name
 */
public record PhotoFolder(List<Photo> photos, List<Skipped> skipped) {

    private static final Set<String> READ = Set.of("jpg", "jpeg", "png", "tif", "tiff");
    private static final Set<String> NOT_READ = Set.of(
            "heic", "heif", "avif", "webp", "jxl", "jp2", "gif", "bmp", "dng", "cr2", "cr3", "nef", "arw", "orf", "raf",
            "rw2");

    /**
     * A picture file that can't be used.
     *
     * @param name path relative to the folder, with forward slashes
     * @param reason what is wrong and what to do, in one line
     */
    public record Skipped(String name, String reason) {

        /**
         * A photo whose file could not be read or decoded.
         *
         * @param name its name
         * @param file its file
         * @param why what came of reading it
         * @return the name with the failure's message, which need not name the file again
         */
        public static Skipped unreadable(String name, Path file, IOException why) {
            String message = String.valueOf(why.getMessage());
            String prefix = file + ": ";
            return new Skipped(name, message.startsWith(prefix) ? message.substring(prefix.length()) : message);
        }
    }

    /** Copies both lists. */
    public PhotoFolder {
        photos = List.copyOf(photos);
        skipped = List.copyOf(skipped);
    }

    /**
     * Finds and checks the photos of a folder, and reads their metadata. JPEG, PNG and TIFF files are photos; hidden
     * files and files of other kinds are passed over; pictures that are truncated, too large or in a format that is not
     * read become {@link #skipped}. Pictures are not decoded here: damage inside of them shows when their pixels are read.
     *
     * @param folder folder; links are followed
     * @return photos and skipped files
     * @throws IOException if the folder can't be read or has no usable photo, or two photos' names differ in nothing but
     *     the extension, so that their products would overwrite each other; the message says what to do
     */
    public static PhotoFolder read(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new IOException(folder + ": there is no such folder: give the folder that has the photos");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": is not a folder: give the folder that has the photos");
        }
        SortedMap<String, Path> files = new TreeMap<>();
        List<Skipped> skipped = new ArrayList<>();
        collect(folder, folder, Set.of(), files, skipped);
        List<Photo> photos = new ArrayList<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String name = file.getKey();
            Path path = file.getValue();
            if (NOT_READ.contains(extension(name))) {
                skipped.add(new Skipped(name, "format is not read: convert it to JPEG or PNG"));
                continue;
            }
            try {
                photos.add(photo(name, path));
            } catch (IOException e) {
                skipped.add(Skipped.unreadable(name, path, e));
            }
        }
        skipped.sort(Comparator.comparing(Skipped::name));
        refuseEqualStems(folder, photos);
        if (photos.isEmpty()) {
            throw new IOException(folder + ": has no usable photo"
                    + (skipped.isEmpty()
                            ? ""
                            : " (" + skipped.get(0).name() + ": "
                                    + skipped.get(0).reason()
                                    + (skipped.size() > 1 ? "; and " + (skipped.size() - 1) + " more)" : ")"))
                    + ": give a folder with JPEG, PNG or TIFF photos");
        }
        return new PhotoFolder(photos, skipped);
    }

    /**
     * One photo by itself.
     *
     * @param file the photo
     * @return the photo, named as its file is
     * @throws IOException if it cannot be used; the message names the file
     */
    public static Photo photo(Path file) throws IOException {
        return photo(String.valueOf(file.getFileName()), file);
    }

    private static Photo photo(String name, Path file) throws IOException {
        PhotoHeader header = PhotoHeader.read(file);
        return new Photo(
                name, file, header.width(), header.height(), ExifReader.read(file, header.width(), header.height()));
    }

    /** Adds the picture files of one folder and, unless a link leads back up, of the folders in it. */
    private static void collect(Path root, Path folder, Set<Path> above, Map<String, Path> files, List<Skipped> skipped)
            throws IOException {
        Set<Path> around = new HashSet<>(above);
        around.add(folder.toRealPath());
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.sorted().toList();
        }
        for (Path entry : entries) {
            String extension = extension(entry.toString());
            if (String.valueOf(entry.getFileName()).startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(entry)) {
                collectFolder(root, entry, around, files, skipped);
            } else if (READ.contains(extension) || NOT_READ.contains(extension)) {
                files.put(name(root, entry), entry);
            }
        }
    }

    private static void collectFolder(
            Path root, Path folder, Set<Path> above, Map<String, Path> files, List<Skipped> skipped) {
        try {
            if (above.contains(folder.toRealPath())) {
                skipped.add(new Skipped(name(root, folder), "is a link to a folder that it lies in: remove it"));
            } else {
                collect(root, folder, above, files, skipped);
            }
        } catch (IOException e) {
            skipped.add(new Skipped(name(root, folder), "can't be listed (" + e + "): check its permissions"));
        }
    }

    private static void refuseEqualStems(Path folder, List<Photo> photos) throws IOException {
        Map<String, Photo> byStem = new HashMap<>();
        for (Photo photo : photos) {
            Photo other = byStem.put(photo.stem(), photo);
            if (other != null) {
                throw new IOException(folder + ": " + other.name() + " and " + photo.name()
                        + " differ in nothing but the extension, so their products would have the same name:"
                        + " rename or remove one");
            }
        }
    }

    private static String name(Path folder, Path path) {
        return folder.relativize(path).toString().replace('\\', '/');
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
