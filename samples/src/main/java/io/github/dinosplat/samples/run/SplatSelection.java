package io.github.dinosplat.samples.run;

import io.github.dinosplat.features.FeatureFiles;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.GaussianFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joml.Vector2d;

/**
 * A region of a photo, by which splats are picked: all that have features like those that it shows, wherever they are.
 *
 * @param photo name of a photo of the scene
 * @param x left edge in pixels of the photo as the scene's camera has it
 * @param y upper edge
 * @param width in pixels
 * @param height in pixels
 */
public record SplatSelection(String photo, int x, int y, int width, int height) {

    /** Enough to tell which splats are on the surface. */
    private static final int LONG_SIDE = 800;

    private static final Pattern TEXT = Pattern.compile("(.+):(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the region is empty
     */
    public SplatSelection {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "a region must be at least 1 pixel wide and high but was " + width + "x" + height);
        }
    }

    /**
     * A selection from text.
     *
     * @param text {@code PHOTO:X,Y,WIDTH,HEIGHT}
     * @return the selection, or empty if the text is something else
     */
    public static Optional<SplatSelection> parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches() || Integer.parseInt(m.group(4)) == 0 || Integer.parseInt(m.group(5)) == 0) {
            return Optional.empty();
        }
        return Optional.of(new SplatSelection(
                m.group(1),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(5))));
    }

    /**
     * Picks splats.
     *
     * @param stored the splats
     * @param splats their file; their features lie beside it
     * @param sceneFolder the scene that has the photo
     * @return those that are like what the region shows
     * @throws IOException if there are no features, they are of other splats, the scene has no such photo, or the region shows
     *     no splat
     */
    StoredSplats of(StoredSplats stored, Path splats, Path sceneFolder) throws IOException {
        Gaussians gaussians = stored.gaussians();
        GaussianFeatures features = features(splats, gaussians.count());
        Scene scene = ColmapModel.isIn(sceneFolder)
                ? ColmapModel.read(sceneFolder)
                : SceneInput.read(sceneFolder, Optional.empty()).scene();
        View view = scene.view(photo)
                .orElseThrow(() -> new IOException(sceneFolder + ": has no photo " + photo + "; it has "
                        + scene.views().get(0).name() + " and " + (scene.views().size() - 1) + " more"));
        Undistortion flat = Undistortion.of(scene.cameraOf(view));
        Camera whole = flat.pinholeCamera();
        PinholeView camera = PinholeView.of(whole.fitted(LONG_SIDE), view.camFromWorld());
        int[] examples;
        try (SplatEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            examples = GaussianFeatures.shown(gaussians, engine, camera, (u, v) -> {
                Vector2d p = flat.distort(u * whole.width() / camera.width(), v * whole.height() / camera.height());
                return p.x >= x && p.y >= y && p.x < x + width && p.y < y + height;
            });
        }
        int[] like = features.like(examples);
        if (like.length == 0) {
            throw new IOException(photo + ": the region shows no splat with features; choose another or a larger one");
        }
        return new StoredSplats(gaussians.select(like), stored.mip());
    }

    private static GaussianFeatures features(Path splats, int count) throws IOException {
        Path file = SplatFeatureStage.file(splats);
        if (!Files.exists(file)) {
            throw new IOException(file + ": is missing; reconstruct and train write the splats' features beside them");
        }
        FeatureMap map = FeatureFiles.readNpy(file, 1, 1);
        if (map.rows() != count || map.columns() != 1) {
            throw new IOException(file + ": has features of " + map.rows() + " splats but there are " + count
                    + "; use it with the splats that it was made for");
        }
        float[] values = new float[count * map.channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = map.value(i / map.channels(), 0, i % map.channels());
        }
        return GaussianFeatures.of(map.channels(), values);
    }
}
