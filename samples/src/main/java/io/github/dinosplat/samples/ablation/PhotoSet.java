package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared set of photos with known pinhole cameras.
 *
 * @param name short name, as in tables
 * @param folder the set's folder: {@code images}, and models as they are made
 * @param cameras cameras and poses of all photos, without points
 * @param judged photos that the result is judged on, never trained on
 * @param order the photos that may be trained on, along the cameras' path
 * @param training the photos that are trained on in the experiments: few, more, most
 * @param object whether only the bright object before a black background is judged
 */
record PhotoSet(
        String name,
        Path folder,
        Scene cameras,
        List<String> judged,
        List<String> order,
        List<List<String>> training,
        boolean object) {

    /** All photos, judged ones too. */
    List<String> all() {
        List<String> all = new ArrayList<>(order);
        all.addAll(judged);
        return all;
    }

    Path images() {
        return folder.resolve("images");
    }

    /** The cameras of some photos, sorted by name, without points. */
    Scene part(List<String> names) {
        List<View> views = names.stream()
                .sorted()
                .map(n -> cameras.view(n).orElseThrow())
                .map(v -> new View(v.name(), v.cameraIndex(), v.camFromWorld(), new double[0], new int[0]))
                .toList();
        return new Scene(cameras.cameras(), views, ScenePoints.NONE);
    }

    /** The photos of a scene's views in their order. */
    static List<Photo> photos(Scene scene, Path images) throws IOException {
        List<Photo> all = PhotoFolder.read(images).photos();
        List<Photo> photos = new ArrayList<>();
        for (View view : scene.views()) {
            photos.add(all.stream()
                    .filter(p -> p.name().equals(view.name()))
                    .findFirst()
                    .orElseThrow(() -> new IOException(
                            images + ": " + view.name() + " is missing; delete the folder to make it anew")));
        }
        return photos;
    }
}
