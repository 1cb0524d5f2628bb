package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.train.PhotoPriors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.joml.Vector2d;

/** The depth stage's maps, as the undistorted photos see them. */
final class DepthFiles implements PhotoPriors {

    private final Path folder;
    private final Map<String, Undistortion> undistortions = new HashMap<>();

    /**
     * Maps of a scene.
     *
     * @param folder where {@code NAME.tif} are
     * @param scene with the photos' own cameras and names
     */
    DepthFiles(Path folder, Scene scene) {
        this.folder = folder;
        for (View view : scene.views()) {
            undistortions.put(Names.stem(view.name()), Undistortion.of(scene.cameraOf(view)));
        }
    }

    @Override
    public Optional<DepthMap> depth(String name) throws IOException {
        String stem = Names.stem(name);
        Undistortion undistortion = undistortions.get(stem);
        Path file = folder.resolve(stem + ".tif");
        if (undistortion == null || !Files.exists(file)) {
            return Optional.empty();
        }
        DepthMap map = ImageFiles.readDepthTiff(file);
        return Optional.of(undistortion.isIdentity() ? map : flattened(map, undistortion));
    }

    /** Undistortion moves pixels but turns no camera: the depths along the axis stay what they are. */
    private static DepthMap flattened(DepthMap map, Undistortion undistortion) {
        Camera photo = undistortion.camera();
        Camera pinhole = undistortion.pinholeCamera();
        int width = map.width();
        int height = map.height();
        float[] depth = new float[width * height];
        float[] confidence = new float[width * height];
        for (int i = 0; i < depth.length; i++) {
            Vector2d from = undistortion.distort(
                    (i % width + 0.5) * pinhole.width() / width, (i / width + 0.5) * pinhole.height() / height);
            int x = (int) Math.floor(from.x * width / photo.width());
            int y = (int) Math.floor(from.y * height / photo.height());
            if (x >= 0 && y >= 0 && x < width && y < height) {
                depth[i] = map.depth(x, y);
                confidence[i] = map.confidence(x, y);
            }
        }
        return new DepthMap(width, height, depth, confidence);
    }
}
