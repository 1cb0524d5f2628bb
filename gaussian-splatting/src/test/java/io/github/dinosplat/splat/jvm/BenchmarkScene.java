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
 * What the step benchmarks train on: the photos of a scene with known cameras, and Gaussians on its points.
 *
 * @param views photos
 * @param gaussians start
 * @param extent how far apart the cameras are, in scene units
 */
public record BenchmarkScene(List<TrainingView> views, Gaussians gaussians, double extent) {

    /** A folder with a COLMAP model and {@code images/}; Gaussians as they are after some training. */
    public static BenchmarkScene read(Path folder, int longSide, int count) throws IOException {
        Scene scene = ColmapModel.read(folder);
        double shrink = Math.cbrt(
                (double) scene.points().count() / Math.max(scene.points().count(), count));
        return new BenchmarkScene(
                views(folder, scene, longSide), gaussians(scene, count, 0.7, 0.5 * shrink, 0.5), extent(scene));
    }

    /**
     * The same with Gaussians as trainers start them: as large as the mean distance to the three nearest points, opacity
     * 0.1 (Kerbl et al. 2023, section 5.1).
     */
    static BenchmarkScene start(Path folder, int longSide, int count) throws IOException {
        Scene scene = ColmapModel.read(folder);
        return new BenchmarkScene(views(folder, scene, longSide), gaussians(scene, count, 0.5, 1, 0.1), extent(scene));
    }

    /** The photos with their long side at a length; beyond their own size pixels are repeated. */
    private static List<TrainingView> views(Path folder, Scene scene, int longSide) throws IOException {
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

    /** Noise of about three hits a Gaussian, for machines without data: two photos of four to three. */
    public static BenchmarkScene random(int longSide, int count) {
        PinholeView view = RandomScene.view(longSide, longSide * 3 / 4);
        double pixels = 0.35 * Math.sqrt((double) view.width() * view.height() / count) + 1;
        byte[] rgb = new byte[3 * view.width() * view.height()];
        new Random(2).nextBytes(rgb);
        TrainingView photo = new TrainingView(view, new Image(view.width(), view.height(), rgb));
        TrainingView other = new TrainingView(view, new Image(view.width(), view.height(), rgb.clone()));
        return new BenchmarkScene(List.of(photo, other), RandomScene.gaussians(1, count, view, pixels), 3);
    }

    private static double extent(Scene scene) {
        double extent = 0;
        for (View a : scene.views()) {
            extent = Math.max(
                    extent,
                    a.camFromWorld()
                            .targetOriginInSource()
                            .distance(scene.views().get(0).camFromWorld().targetOriginInSource()));
        }
        return extent;
    }

    /** Gaussians on a sample of the scene's points, or on all and jittered copies of them, up to the count. */
    private static Gaussians gaussians(Scene scene, int count, double jitter, double size, double opacity) {
        int points = scene.points().count();
        double[] spacing = spacing(scene);
        Random random = new Random(1);
        Gaussians g = Gaussians.zeros(count, 3);
        for (int i = 0; i < count; i++) {
            int p = count < points ? (int) ((long) i * points / count) : i < points ? i : random.nextInt(points);
            for (int k = 0; k < 3; k++) {
                double offset = i < points ? 0 : jitter * random.nextGaussian() * spacing[p];
                g.means()[3 * i + k] = (float) (scene.points().coordinate(p, k) + offset);
                g.logScales()[3 * i + k] = (float) Math.log(size * spacing[p]);
                g.sh()[48 * i + k] = (scene.points().colour(p, k) / 255f - 0.5f) / SphericalHarmonics.C0;
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) Math.log(opacity / (1 - opacity));
        }
        return g;
    }

    /** The mean distance of each point to its three nearest. */
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
