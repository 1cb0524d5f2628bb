package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.PinholeView;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The terms of what networks say: values against plain formulas, gradients against central differences. */
class PriorLossTest {

    private static final int WIDTH = 23;
    private static final int HEIGHT = 17;
    private static final int PIXELS = WIDTH * HEIGHT;
    private static final double OFFSET = 0.8;
    private static final PinholeView VIEW = new PinholeView(20, 21, 11, 9, WIDTH, HEIGHT, Rigid3.IDENTITY);
    private static final boolean[] ALL = new boolean[0];

    private final Random random = new Random(4);
    private final Frame frame = frame(0);

    private static Frame frame(int channels) {
        Frame frame = new Frame();
        frame.featureChannels = channels;
        frame.reservePicture(WIDTH, HEIGHT, 4);
        frame.reserveGeometryGradients();
        return frame;
    }

    /** Nearness of a rough slope. */
    private float[] slope(double tilt, double noise) {
        float[] nearness = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            double z = 3 + tilt * (i % WIDTH) + 0.05 * (i / WIDTH) + noise * random.nextGaussian();
            nearness[i] = (float) (1 / (z + OFFSET));
        }
        return nearness;
    }

    private DepthTarget target() {
        float[] weights = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            weights[i] = i % 5 == 0 ? 0 : random.nextFloat();
        }
        return new DepthTarget(WIDTH, HEIGHT, OFFSET, slope(0.08, 0.02), weights);
    }

    private static void assertGradient(float[] values, float[] gradient, double h, DoubleSupplier loss) {
        double scale = 0;
        for (float g : gradient) {
            scale = Math.max(scale, Math.abs(g));
        }
        assertThat(scale).isPositive();
        float[] expected = gradient.clone();
        int bad = 0;
        for (int i = 0; i < values.length; i += 3) {
            float kept = values[i];
            float up = (float) (kept + h);
            float down = (float) (kept - h);
            values[i] = up;
            double above = loss.getAsDouble();
            values[i] = down;
            double below = loss.getAsDouble();
            values[i] = kept;
            double difference = (above - below) / ((double) up - down);
            assertThat((double) expected[i]).as("value %d", i).isCloseTo(difference, Offset.offset(2e-3 * scale));
            bad += Math.abs(2 * expected[i] - difference) > 2e-3 * scale ? 1 : 0;
        }
        // Negative control: a gradient twice as large would have been noticed.
        assertThat(bad).isGreaterThan(values.length / 30);
    }

    @Test
    void theShapesGradientIsThatOfDifferences() {
        DepthTarget target = target();
        System.arraycopy(slope(-0.03, 0.1), 0, frame.depth, 0, PIXELS);
        try (Workers workers = new Workers(2)) {
            DoubleSupplier loss = () -> {
                Arrays.fill(frame.depthGradient, 0);
                return ShapeLoss.gradient(frame, target, ALL, 0.7, workers);
            };
            assertThat(loss.getAsDouble()).isPositive();
            assertGradient(frame.depth, frame.depthGradient.clone(), 1e-4, loss);
        }
    }

    @Test
    void theShapeIsFreeOfScaleAndOffset() {
        DepthTarget target = target();
        for (int i = 0; i < PIXELS; i++) {
            frame.depth[i] = 0.3f + 0.5f * target.nearness()[i];
        }
        try (Workers workers = new Workers(1)) {
            assertThat(ShapeLoss.gradient(frame, target, ALL, 1, workers)).isLessThan(5e-3);
            for (int i = 0; i < PIXELS; i++) {
                frame.depth[i] = -frame.depth[i];
            }
            assertThat(ShapeLoss.gradient(frame, target, ALL, 1, workers)).isGreaterThan(1.9);
        }
    }

    @Test
    void theNormalsGradientIsThatOfDifferences() {
        DepthTarget target = target();
        System.arraycopy(slope(-0.03, 0.1), 0, frame.depth, 0, PIXELS);
        try (Workers workers = new Workers(2)) {
            DoubleSupplier loss = () -> {
                Arrays.fill(frame.depthGradient, 0);
                return new NormalLoss(VIEW, frame, target, ALL).gradient(0.7, workers);
            };
            assertThat(loss.getAsDouble()).isPositive();
            assertGradient(frame.depth, frame.depthGradient.clone(), 2e-5, loss);
        }
    }

    /** A plane through any point has one normal, so the term of a plane moved away is zero, and of a turned one is not. */
    @Test
    void normalsOfAPlaneAreThePlanes() {
        float[] ones = new float[PIXELS];
        Arrays.fill(ones, 1);
        DepthTarget target = new DepthTarget(WIDTH, HEIGHT, OFFSET, plane(3, 0.2), ones);
        try (Workers workers = new Workers(1)) {
            System.arraycopy(plane(5, 0.2), 0, frame.depth, 0, PIXELS);
            assertThat(new NormalLoss(VIEW, frame, target, ALL).gradient(1, workers))
                    .isLessThan(1e-5);
            System.arraycopy(plane(3, -0.4), 0, frame.depth, 0, PIXELS);
            double counted = (WIDTH - 1.0) * (HEIGHT - 1) / PIXELS;
            double angle = Math.atan(0.2) + Math.atan(0.4);
            assertThat(new NormalLoss(VIEW, frame, target, ALL).gradient(1, workers))
                    .isCloseTo(counted * (1 - Math.cos(angle)), Offset.offset(1e-4));
        }
    }

    /** Nearness of the plane z = distance + slope x. */
    private static float[] plane(double distance, double slope) {
        float[] nearness = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            double ray = (i % WIDTH + 0.5 - VIEW.cx()) / VIEW.fx();
            nearness[i] = (float) (1 / (distance / (1 - slope * ray) + OFFSET));
        }
        return nearness;
    }

    @Test
    void theFeaturesGradientIsThatOfDifferences() {
        int channels = 3;
        Frame own = frame(channels);
        float[] goal = new float[4 * 5 * channels];
        float[] gram = new float[20 * 20];
        for (int i = 0; i < goal.length; i++) {
            goal[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < gram.length; i++) {
            gram[i] = gram[i % 20 * 20 + i / 20] == 0 ? random.nextFloat() : gram[i % 20 * 20 + i / 20];
        }
        for (int i = 0; i < own.features.length; i++) {
            own.features[i] = (float) random.nextGaussian();
        }
        boolean[] counts = new boolean[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            counts[i] = i % 7 != 0 && i > 2 * WIDTH;
        }
        FeatureTarget target = new FeatureTarget(4, 5, channels, goal, gram);
        try (Workers workers = new Workers(2)) {
            for (double[] weights : new double[][] {{1, 0}, {0, 1}}) {
                DoubleSupplier loss =
                        () -> new FeatureLoss(own, target, counts).gradient(weights[0], weights[1], workers);
                assertThat(loss.getAsDouble()).isPositive();
                assertGradient(own.features, own.featureGradients.clone(), 1e-2, loss);
            }
        }
    }

    @Test
    void featuresOfAnotherNumberOfChannelsAreRefused() {
        FeatureTarget target = new FeatureTarget(1, 1, 2, new float[2], new float[1]);
        assertThatThrownBy(() -> new FeatureLoss(frame(3), target, ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3 channels");
    }
}
