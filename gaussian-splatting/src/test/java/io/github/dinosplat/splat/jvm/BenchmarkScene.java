package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A scene with known cameras to measure on: its photos at any size, and Gaussians on its points as trainers start them,
 * with jittered copies when more are wanted and a sample when fewer.
 */
final class BenchmarkScene {

    private final Path folder;
    private final Scene scene;
    private final double[] spacing;

    BenchmarkScene(Path folder) throws IOException {
        this.folder = folder;
        this.scene = ColmapModel.read(folder);
        this.spacing = spacing(scene);
    }

    /** The photos with their long side at a length; beyond their own size pixels are repeated. */
    List<TrainingView> views(int longSide) throws IOException {
        List<TrainingView> views = new ArrayList<>();
        for (View view : scene.views()) {
            Image photo = ImageFiles.read(folder.resolve("images").resolve(view.name()));
            photo = Math.max(photo.width(), photo.height()) > longSide
                    ? photo.fitted(longSide)
                    : repeated(photo, longSide);
            Camera camera = scene.cameraOf(view).resized(photo.width(), photo.height());
            views.add(new TrainingView(PinholeView.of(camera, view.camFromWorld()), photo));
        }
        return views;
    }

    private static Image repeated(Image photo, int longSide) {
        double factor = (double) longSide / Math.max(photo.width(), photo.height());
        int width = (int) Math.round(photo.width() * factor);
        int height = (int) Math.round(photo.height() * factor);
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (int) (y / factor) * photo.width() + (int) (x / factor);
                System.arraycopy(photo.rgb(), 3 * from, rgb, 3 * (y * width + x), 3);
            }
        }
        return new Image(width, height, rgb);
    }

    /** Radius of the camera positions. */
    double extent() {
        double extent = 0;
        for (View view : scene.views()) {
            extent = Math.max(
                    extent,
                    view.camFromWorld()
                            .targetOriginInSource()
                            .distance(scene.views().get(0).camFromWorld().targetOriginInSource()));
        }
        return extent;
    }

    /** As large as the mean distance to the three nearest points, opacity 0.1 (Kerbl et al. 2023, section 5.1). */
    Gaussians gaussians(int count) {
        int points = scene.points().count();
        Random random = new Random(1);
        Gaussians g = Gaussians.zeros(count, 3);
        for (int i = 0; i < count; i++) {
            int p = count < points ? (int) ((long) i * points / count) : i < points ? i : random.nextInt(points);
            for (int k = 0; k < 3; k++) {
                double jitter = i < points ? 0 : 0.5 * random.nextGaussian() * spacing[p];
                g.means()[3 * i + k] = (float) (scene.points().coordinate(p, k) + jitter);
                g.logScales()[3 * i + k] = (float) Math.log(spacing[p]);
                g.sh()[48 * i + k] = (scene.points().colour(p, k) / 255f - 0.5f) / SphericalHarmonics.C0;
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) Math.log(0.1 / 0.9);
        }
        return g;
    }

    private static double[] spacing(Scene scene) {
        int points = scene.points().count();
        double[] spacing = new double[points];
        for (int p = 0; p < points; p++) {
            double[] nearest = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
            for (int o = 0; o < points; o++) {
                double d = 0;
                for (int k = 0; k < 3; k++) {
                    double e = scene.points().coordinate(p, k) - scene.points().coordinate(o, k);
                    d += e * e;
                }
                if (o != p && d < nearest[2]) {
                    nearest[2] = d;
                    Arrays.sort(nearest);
                }
            }
            double mean = (Math.sqrt(nearest[0]) + Math.sqrt(nearest[1]) + Math.sqrt(nearest[2])) / 3;
            spacing[p] = Math.max(1e-4, mean);
        }
        return spacing;
    }
}
