package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.TransformsJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scene that a user gives, and where its photos are.
 *
 * @param scene cameras of any model
 * @param images folder with the photos; need not exist before {@link #photos} is called
 */
record SceneInput(Scene scene, Path images) {

    /**
     * Reads a folder with a COLMAP model or a {@code transforms.json}. The output folder of a run counts as well: where it
     * has undistorted pictures and no others, these are meant, with their cameras.
     *
     * @param folder the folder
     * @param images folder with the photos; empty for the scene's own
     * @throws IOException if there is no such scene or it can't be read
     */
    static SceneInput read(Path folder, Optional<Path> images) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(
                    folder + ": there is no such folder; give one with a COLMAP model or transforms.json");
        }
        if (ColmapModel.isIn(folder)) {
            Path flat = folder.resolve("undistorted");
            boolean isRun = images.isEmpty()
                    && !Files.isDirectory(folder.resolve("images"))
                    && Files.isDirectory(flat.resolve("images"))
                    && ColmapModel.isIn(flat);
            Path model = isRun ? flat : folder;
            return new SceneInput(ColmapModel.read(model), images.orElse(model.resolve("images")));
        }
        if (Files.isRegularFile(folder.resolve("transforms.json"))) {
            TransformsJson transforms = TransformsJson.read(folder);
            return new SceneInput(transforms.scene(), images.orElse(transforms.photoFolder()));
        }
        throw new IOException(
                folder + ": has neither a COLMAP model (in sparse/0, sparse or itself) nor transforms.json");
    }

    /** The photos of the scene's views in their order, all of which must be there. */
    List<Photo> photos() throws IOException {
        if (!Files.isDirectory(images)) {
            throw new IOException(images + ": there is no such folder with the scene's photos; give it by --images");
        }
        PhotoFolder folder = PhotoFolder.read(images);
        Map<String, Photo> byName = new HashMap<>();
        folder.photos().forEach(p -> byName.put(p.name(), p));
        List<String> missing = scene.views().stream()
                .map(View::name)
                .filter(n -> !byName.containsKey(n))
                .toList();
        if (!missing.isEmpty()) {
            String why = folder.skipped().stream()
                    .filter(s -> s.name().equals(missing.get(0)))
                    .map(s -> " (" + s.reason() + ")")
                    .findFirst()
                    .orElse("");
            throw new IOException(images + ": " + missing.size() + " of the scene's "
                    + scene.views().size() + " photos are missing, first " + missing.get(0) + why
                    + "; give the folder that has them by --images");
        }
        return scene.views().stream().map(v -> byName.get(v.name())).toList();
    }
}
