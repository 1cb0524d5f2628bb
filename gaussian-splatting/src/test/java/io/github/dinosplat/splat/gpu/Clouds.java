package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.TrainingView;
import java.util.List;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** A small cloud of Gaussians, and photos of no meaning from around it. */
final class Clouds {

    static final int WIDTH = 61;
    static final int HEIGHT = 43;
    static final List<TrainingView> PHOTOS = photos(WIDTH, HEIGHT);

    private Clouds() {}

    static Gaussians cloud(int count) {
        Random random = new Random(count);
        Gaussians g = Gaussians.zeros(count, 3);
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = (float) (2 * random.nextDouble() - 1);
                g.logScales()[3 * i + k] = (float) (-2.5 + 0.5 * random.nextGaussian());
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = (float) random.nextGaussian();
            for (int k = 0; k < 48; k++) {
                g.sh()[48 * i + k] = (float) (0.3 * random.nextGaussian());
            }
        }
        return g;
    }

    /** Four photos of a size. */
    static List<TrainingView> photos(int width, int height) {
        return List.of(
                photo(0, width, height), photo(1, width, height), photo(2, width, height), photo(3, width, height));
    }

    private static TrainingView photo(int seed, int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (128 + 100 * Math.sin(0.01 * i * (seed + 1)));
        }
        Rigid3 pose = new Rigid3(new Quaterniond().rotationY(0.2 * seed), new Vector3d(0, 0, 3));
        PinholeView view = new PinholeView(width, width, 0.5 * width, 0.5 * height, width, height, pose);
        return new TrainingView(view, new Image(width, height, rgb));
    }
}
