package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * COLMAP's sparse models. Binary and text models are read and written. Cameras, photos and points are numbered
 * from 1 in the order of the scene when written; a model that is read comes in the order of its numbers.
 *
 * <p>Source: COLMAP's documentation, "Output Format".
 */
public final class ColmapModel {

    private ColmapModel() {}

    /**
     * Reads a model.
     *
     * @param folder folder of the model, or one that has it in {@code sparse/0} or {@code sparse}
     * @return the scene
     * @throws IOException if there is no model, or a file is damaged, truncated or refers to what is not there; the
     *     message names the file
     */
    public static Scene read(Path folder) throws IOException {
        for (Path candidate : List.of(folder.resolve("sparse").resolve("0"), folder.resolve("sparse"), folder)) {
            if (hasAll(candidate, ".bin")) {
                return ColmapBinary.read(candidate);
            }
            if (hasAll(candidate, ".txt")) {
                return ColmapText.read(candidate);
            }
        }
        throw new IOException(folder + ": has no COLMAP model (cameras, images and points3D as .bin or .txt, here, in"
                + " sparse/0 or in sparse): give the folder of a model");
    }

    /**
     * Whether a folder has a model that {@link #read} would find.
     *
     * @param folder folder
     * @return true if all three files are there in one place
     */
    public static boolean isIn(Path folder) {
        for (Path candidate : List.of(folder.resolve("sparse").resolve("0"), folder.resolve("sparse"), folder)) {
            if (hasAll(candidate, ".bin") || hasAll(candidate, ".txt")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes a model as {@code cameras.bin}, {@code images.bin} and {@code points3D.bin}, each atomically. The same scene
     * gives the same bytes.
     *
     * @param scene scene
     * @param folder folder of the model itself, e.g. {@code OUT/sparse/0}; made where missing
     * @throws IOException if writing fails
     */
    public static void write(Scene scene, Path folder) throws IOException {
        ColmapBinary.write(scene, folder);
    }

    /**
     * Writes a model as {@code cameras.txt}, {@code images.txt} and {@code points3D.txt}, each atomically; numbers keep all
     * their digits.
     *
     * @param scene scene
     * @param folder folder of the model itself; made where missing
     * @throws IOException if writing fails
     */
    public static void writeText(Scene scene, Path folder) throws IOException {
        ColmapText.write(scene, folder);
    }

    private static boolean hasAll(Path folder, String extension) {
        return Files.isRegularFile(folder.resolve("cameras" + extension))
                && Files.isRegularFile(folder.resolve("images" + extension))
                && Files.isRegularFile(folder.resolve("points3D" + extension));
    }
}
