package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.ViewPriors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** A small cloud of Gaussians, and photos of no meaning from around it. */
final class Clouds {

    static final int WIDTH = 61;
    static final int HEIGHT = 43;
    static final int CHANNELS = 5;
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

    /** The cloud with features. */
    static Gaussians cloudWithFeatures(int count) {
        return withFeatures(cloud(count));
    }

    static Gaussians withFeatures(Gaussians gaussians) {
        float[] features = new float[CHANNELS * gaussians.count()];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) Math.sin(i);
        }
        return gaussians.withFeatures(CHANNELS, features);
    }

    /** A photo with all that a step can be given: a number, known and predicted depths, predicted features. */
    static TrainingView withEverything(int photo, TrainingView view) {
        int width = view.truth().width();
        int height = view.truth().height();
        float[] nearness = new float[width * height];
        float[] weights = new float[width * height];
        for (int i = 0; i < nearness.length; i++) {
            nearness[i] = (float) (0.25 + 0.02 * Math.sin(0.1 * i + photo));
            weights[i] = i % 3 / 2f;
        }
        DepthTarget depth = new DepthTarget(width, height, 0.5, nearness, weights);
        int patches = 3 * 4;
        float[] features = new float[patches * CHANNELS];
        float[] gram = new float[patches * patches];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) Math.cos(i + photo);
        }
        Arrays.fill(gram, 0.5f);
        FeatureTarget target = new FeatureTarget(3, 4, CHANNELS, features, gram);
        return view.withPhoto(photo)
                .withDepth(depth)
                .withPriors(new ViewPriors(Optional.of(depth), 0.1, 0.1, Optional.of(target), 0.1, 0.1));
    }

    /** A step with every stage there is. */
    static StepOptions everything(StepOptions options) {
        return options.withRender(options.render().withFeatures(true))
                .withRates(options.rates().withFeatures(1e-3).withPhotos(1e-3, 1e-3, 1e-3))
                .withAbsoluteGradients(true)
                .withDepthWeight(0.1)
                .withDropout(0.1);
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
