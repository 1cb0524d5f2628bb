package io.github.dinosplat.scene.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes files that are either complete or not there: content goes to a temporary name in the same folder, to disk, and
 * is then renamed. A process killed midway leaves the old file, or none, under the final name.
 */
public final class AtomicFiles {

    private AtomicFiles() {}

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes the content.
         *
         * @param out buffered stream; need not be closed
         * @throws IOException if writing fails: the file is then not created
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file atomically. Missing parent folders are made; an older file is replaced.
     *
     * @param path final name
     * @param content writes the content
     * @throws IOException if the folder can't be made, the disk is full, or the content throws; nothing is then left but
     *     what was there before
     */
    public static void write(Path path, Content content) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new IOException(path + ": is not the name of a file: give a file in a folder");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        if (Files.isDirectory(absolute)) {
            throw new IOException(path + ": is a folder: give the name of a file");
        }
        Path temporary = folder.resolve("." + absolute.getFileName() + "."
                + Long.toHexString(ProcessHandle.current().pid()) + "-"
                + Long.toHexString(Thread.currentThread().getId()) + ".tmp");
        try {
            try (FileChannel channel = open(temporary, path)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            move(temporary, absolute);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            // What the system says of a full disk names no file.
            throw message.contains("/") || message.contains(":") ? e : new IOException(path + ": " + message, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /**
     * Writes a text file atomically, in UTF-8.
     *
     * @param path final name
     * @param text content
     * @throws IOException if writing fails
     */
    public static void writeText(Path path, String text) throws IOException {
        write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static FileChannel open(Path temporary, Path path) throws IOException {
        try {
            return FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** What the system says names a folder above or the temporary file, and often no reason. */
    private static IOException unwritable(Path path, IOException why) {
        String reason = why instanceof FileSystemException system && system.getReason() != null
                ? " (" + system.getReason() + ")"
                : "";
        return new IOException(
                path + ": cannot be written there" + reason + "; choose another place or check its permissions", why);
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // Some network file systems can't; a plain rename within one folder is the best there is.
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
