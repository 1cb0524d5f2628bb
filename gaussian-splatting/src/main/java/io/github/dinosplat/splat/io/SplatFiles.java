package io.github.dinosplat.splat.io;

import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * Splat files of every kind that is known here: the one entry point for programs that take what a user gives them. Read
 * are PLY ({@link PlyFiles}, also the compressed kind of PlayCanvas), {@code .splat} and SPZ 2 to 4; written are these
 * (PLY uncompressed, SPZ 3), GLB with the extension KHR_gaussian_splatting, and a page that shows the splats in a browser.
 *
 * <p>All of them are taken to the frame of PLY files and back: right-down-forward where a kind defines its own axes.
 */
public final class SplatFiles {

    /** Endings of the files that can be written. */
    public static final List<String> ENDINGS = List.of(".ply", ".splat", ".spz", ".glb", ".html");

    /** Up where y points down, as in most splat files. */
    private static final Vector3dc UP = new Vector3d(0, -1, 0);

    private SplatFiles() {}

    /**
     * Reads splats from a file whose kind is found by its content; a {@code .splat} file, which has no mark of its own, by
     * its ending.
     *
     * @param file a splat file
     * @return the splats, and whether they are to be dimmed as {@code mip} does, where the file says so
     * @throws IOException if the file can't be read, is of no known kind, is damaged, or holds a value that is no number;
     *     the message names the file and what to do
     */
    public static StoredSplats read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder; give a .ply, .spz or .splat file");
        }
        byte[] start;
        try (InputStream in = Files.newInputStream(file)) {
            start = in.readNBytes(4);
        }
        if (start.length >= 3 && start[0] == 'p' && start[1] == 'l' && start[2] == 'y') {
            return PlyReader.read(file);
        }
        if (SpzReader.isSpz(start)) {
            return SpzReader.read(file);
        }
        if (ending(file).equals(".splat")) {
            return new StoredSplats(DotSplat.read(file), false);
        }
        throw new IOException(
                file + ": is no splat file that is known here; give a .ply, .spz (version 2 to 4) or .splat");
    }

    /**
     * Writes splats in the kind that the file's ending asks for, all of it or nothing. The same splats give the same
     * bytes (compressed kinds: on the same Java runtime).
     *
     * @param splats splats; PLY, SPZ and the page note whether they are to be dimmed, the others cannot say it
     * @param file where to write; its ending, in any case, is one of {@link #ENDINGS}
     * @throws IOException if the file can't be written, or the splats do not fit the kind
     * @throws IllegalArgumentException if the ending is none of {@link #ENDINGS}
     */
    public static void write(StoredSplats splats, Path file) throws IOException {
        write(splats, UP, file);
    }

    /**
     * Writes splats whose world is not right-down-forward; otherwise as {@link #write(StoredSplats, Path)}.
     *
     * @param splats splats
     * @param up a vector that points up in their world, of any length but zero: what stands upright in GLB and the page
     * @param file where to write
     * @throws IOException as above
     * @throws IllegalArgumentException as above
     */
    public static void write(StoredSplats splats, Vector3dc up, Path file) throws IOException {
        AtomicFiles.Content content = switch (ending(file)) {
            case ".ply" -> out -> PlyFiles.write(splats, out);
            case ".splat" -> out -> DotSplat.write(splats.gaussians(), out);
            case ".spz" -> out -> SpzWriter.write(splats, file.toString(), out);
            case ".glb" -> out -> GlbWriter.write(splats.gaussians(), up, file.toString(), out);
            case ".html" -> out -> ViewerPage.write(splats, String.valueOf(file.getFileName()), List.of(), up, out);
            default ->
                throw new IllegalArgumentException(
                        "file must end in one of " + String.join(", ", ENDINGS) + " but was " + file);
        };
        AtomicFiles.write(file, content);
    }

    /**
     * Whether {@link #write} knows a file's ending.
     *
     * @param file a file name
     * @return true if it ends in one of {@link #ENDINGS}
     */
    public static boolean canWrite(Path file) {
        return ENDINGS.contains(ending(file));
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }
}
