package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.scene.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scene from a file or folder of any kind that is read: a COLMAP model, nerfstudio's {@code transforms.json}, OpenSfM's
 * {@code reconstruction.json}, Strecha's {@code .camera} files, Middlebury's {@code _par.txt}.
 *
 * @param scene cameras, views, and points where the kind has them
 * @param photoFolder folder with the photos, which need not exist
 * @param missing photos that the file names but that are not there, for kinds that cannot be read without them
 */
public record SceneFile(Scene scene, Path photoFolder, List<String> missing) {

    /** Copies the list. */
    public SceneFile {
        missing = List.copyOf(missing);
    }

    /**
     * Reads a scene.
     *
     * @param path folder, or a {@code .json} or {@code _par.txt} file
     * @param images folder with the photos; empty for the place where the kind has them
     * @return the scene
     * @throws IOException if there is none or it is damaged; the message names the file and the remedy
     */
    public static SceneFile read(Path path, Optional<Path> images) throws IOException {
        if (Files.isRegularFile(path)) {
            return fromFile(path, images);
        }
        if (!Files.isDirectory(path)) {
            throw new IOException(path + ": there is no such file or folder; give " + KINDS);
        }
        if (ColmapModel.isIn(path)) {
            return new SceneFile(ColmapModel.read(path), images.orElse(path.resolve("images")), List.of());
        }
        for (String name : List.of(TransformsJson.NAME, OpenSfm.NAME)) {
            if (Files.isRegularFile(path.resolve(name))) {
                return fromFile(path.resolve(name), images);
            }
        }
        Optional<Path> middlebury = MiddleburyCameras.in(path);
        if (middlebury.isPresent()) {
            return fromFile(middlebury.get(), images);
        }
        if (StrechaCameras.areIn(path)) {
            return new SceneFile(StrechaCameras.read(path), images.orElseGet(() -> beside(path)), List.of());
        }
        throw new IOException(path + ": has no scene; give " + KINDS);
    }

    private static final String KINDS = "a folder with a COLMAP model (in sparse/0, sparse or itself), transforms.json,"
            + " reconstruction.json, .camera files or a _par.txt";

    private static SceneFile fromFile(Path file, Optional<Path> images) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith("_par.txt")) {
            Path photos = images.orElse(file.toAbsolutePath().resolveSibling(""));
            List<String> missing = new ArrayList<>();
            return new SceneFile(MiddleburyCameras.read(file, photos, missing), photos, missing);
        }
        if (!name.endsWith(".json")) {
            throw new IOException(file + ": is no scene; give " + KINDS);
        }
        JsonNode root = JsonFile.read(file);
        if (root.isArray()) {
            return new SceneFile(OpenSfm.read(file), images.orElseGet(() -> beside(file)), List.of());
        }
        TransformsJson transforms = TransformsJson.read(file, images);
        return new SceneFile(transforms.scene(), transforms.photoFolder(), transforms.missing());
    }

    /** The folder {@code images} in a folder or beside a file or, as Strecha's sets have it, beside the folder. */
    private static Path beside(Path path) {
        Path inside = path.resolve("images");
        return Files.isDirectory(inside) ? inside : path.toAbsolutePath().resolveSibling("images");
    }
}
