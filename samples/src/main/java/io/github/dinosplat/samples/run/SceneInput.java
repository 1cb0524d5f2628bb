package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.SceneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A scene that a user gives, and where its photos are.
 *
 * @param scene cameras of any model
 * @param images folder with the photos; need not exist before {@link #photos} is called
 * @param missing photos that the scene's file names but that are not there, and are left out
 */
record SceneInput(Scene scene, Path images, List<String> missing) {

    /**
     * Reads a scene of any kind that {@link SceneFile} knows. The output folder of a run counts as well: where it has
     * undistorted pictures and no others, these are meant, with their cameras.
     *
     * @param path the scene's folder or file
     * @param images folder with the photos; empty for the scene's own
     * @throws IOException if there is no such scene, it can't be read or it has no photos
     */
    static SceneInput read(Path path, Optional<Path> images) throws IOException {
        Path flat = path.resolve("undistorted");
        boolean isRun = images.isEmpty()
                && ColmapModel.isIn(path)
                && !Files.isDirectory(path.resolve("images"))
                && Files.isDirectory(flat.resolve("images"))
                && ColmapModel.isIn(flat);
        SceneFile file = SceneFile.read(isRun ? flat : path, images);
        if (file.scene().views().isEmpty()) {
            throw new IOException(path + ": the scene has no photos; give one with cameras and their poses");
        }
        return new SceneInput(file.scene(), file.photoFolder(), file.missing());
    }

    /** What is to be said of photos that are missing; empty where none is. */
    List<String> notes() {
        return missing.isEmpty()
                ? List.of()
                : List.of(missing.size() + " photos that the scene names are not there and were left out: "
                        + String.join(", ", missing));
    }

    /** The photos of the scene's views in their order, all of which must be there. */
    List<Photo> photos() throws IOException {
        if (!Files.isDirectory(images)) {
            throw new IOException(images + ": there is no such folder with the scene's photos; give it by --images");
        }
        PhotoFolder folder = PhotoFolder.read(images);
        Map<String, Photo> byName = Photo.byName(folder.photos());
        List<String> missing = scene.views().stream()
                .map(View::name)
                .filter(n -> !byName.containsKey(n))
                .toList();
        String share = missing.size() + " of the scene's " + scene.views().size() + " photos";
        for (PhotoFolder.Skipped skipped : folder.skipped()) {
            if (missing.contains(skipped.name())) {
                throw new IOException(
                        images.resolve(skipped.name()) + ": " + skipped.reason() + " (" + share + " can't be used)");
            }
        }
        if (!missing.isEmpty()) {
            throw new IOException(images + ": " + share + " are missing, first " + missing.get(0)
                    + "; give the folder that has them by --images");
        }
        return scene.views().stream().map(v -> byName.get(v.name())).toList();
    }
}
