package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.ViewPriors;
import io.github.dinosplat.splat.gpu.EngineProbe;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.VulkanTest;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The terms that not every step has, on Vulkan: against the oracle in double and the JVM engine. */
@VulkanTest
class VulkanTermsTest {

    private static final int WIDTH = 70;
    private static final int HEIGHT = 53;
    private static final int PIXELS = WIDTH * HEIGHT;
    private static final int CHANNELS = 5;
    private static final int ROWS = 6;
    private static final int COLUMNS = 7;
    private static final PinholeView VIEW = RandomScene.view(WIDTH, HEIGHT);
    private static final RenderOptions RENDER = new RenderOptions(3, new Colour(0.1f, 0.6f, 0.3f)).withFeatures(true);
    private static final RenderOptions PLAIN = RENDER.withFeatures(false);
    private static final LearningRates RATES =
            new LearningRates(1e-3, 5e-3, 1e-3, 0.05, 2.5e-3, 1.25e-4, 0, 0).withFeatures(2e-3);
    private static final StepOptions OPTIONS = StepOptions.plain(RENDER, RATES);

    /** Every gradient under gradients of colour, depth, opacity and features together. */
    @Test
    void featuresGradientsAgreeWithTheOracle(VulkanContext context) {
        try (EngineProbe probe = new EngineProbe(context)) {
            for (int channels : new int[] {1, 4, 7, 16}) {
                Gaussians gaussians = RandomScene.withFeatures(RandomScene.gaussians(3, 150, VIEW, 5), channels, 5);
                compareGradients(probe, gaussians, gaussians);
                Gaussians faulty = gaussians.copy();
                for (int i = 0; i < gaussians.features().length; i += channels) {
                    faulty.features()[i] *= 1.05f;
                }
                assertThatThrownBy(() -> compareGradients(probe, faulty, gaussians))
                        .isInstanceOf(AssertionError.class);
            }
        }
    }

    private static void compareGradients(EngineProbe probe, Gaussians own, Gaussians expected) {
        double[] byRgb = RandomScene.weights(7, 3 * PIXELS);
        double[] byDepth = RandomScene.weights(8, PIXELS);
        double[] byAlpha = RandomScene.weights(9, PIXELS);
        double[] byFeatures = RandomScene.weights(10, expected.featureChannels() * PIXELS);
        ReferenceSplatting reference = ReferenceSplatting.of(expected, VIEW, RENDER);
        reference.forward();
        reference.backward(byRgb, byDepth, byAlpha, byFeatures);
        Gaussians g = probe.gradients(own, VIEW, RENDER, byRgb, byDepth, byAlpha, byFeatures);
        new ParityAssert("features", 1e-3, 0.01).compare(g.features(), reference.featuresGradient);
        new ParityAssert("means", 1e-3, 0.01).compare(g.means(), reference.meansGradient);
        new ParityAssert("scales", 1e-3, 0.01).compare(g.logScales(), reference.logScalesGradient);
        new ParityAssert("quaternions", 1e-3, 0.01).compare(g.quaternions(), reference.quaternionsGradient);
        new ParityAssert("logits", 1e-3, 0.01).compare(g.logitOpacities(), reference.logitsGradient);
        new ParityAssert("sh", 1e-3, 0.01).compare(g.sh(), reference.shGradient);
    }

    @Test
    void termsFromNetworksAgreeWithTheJvmEngine(VulkanContext context) {
        ViewPriors shape = priors(0.5, 0, 0, 0);
        ViewPriors normals = priors(0, 0.5, 0, 0);
        ViewPriors features = priors(0, 0, 0.5, 0);
        ViewPriors gram = priors(0, 0, 0, 0.5);
        ViewPriors all = priors(0.3, 0.2, 0.4, 0.6);
        TrainingView photo = photo();
        TrainingView masked = photo.withMask(mask()).withDepth(depths(3));
        try (JvmEngine jvm = new JvmEngine(1);
                EngineProbe probe = new EngineProbe(context)) {
            // Terms of features before others: nothing may be left of them.
            for (ViewPriors one : new ViewPriors[] {ViewPriors.NONE, features, gram, shape, normals}) {
                compareSteps(jvm, probe, photo.withPriors(one), photo.withPriors(one), OPTIONS, 6);
            }
            compareSteps(jvm, probe, masked.withPriors(all), masked.withPriors(all), OPTIONS.withDepthWeight(0.5), 6);
            StepOptions unseen = OPTIONS.withRender(PLAIN);
            compareSteps(jvm, probe, photo.withPriors(all), photo.withPriors(all), unseen, 6);
            // Negative control: each term that is left out is noticed, and each target and mask.
            for (ViewPriors other : new ViewPriors[] {
                priors(0, 0.2, 0.4, 0.6), priors(0.3, 0, 0.4, 0.6), priors(0.3, 0.2, 0, 0.6), priors(0.3, 0.2, 0.4, 0)
            }) {
                assertThatThrownBy(() ->
                                compareSteps(jvm, probe, photo.withPriors(all), photo.withPriors(other), OPTIONS, 2))
                        .isInstanceOf(AssertionError.class);
            }
            assertThatThrownBy(() -> compareSteps(
                            jvm,
                            probe,
                            photo.withPriors(all),
                            photo.withMask(mask()).withPriors(all),
                            OPTIONS,
                            2))
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void absoluteGradientsAgreeWithTheJvmEngine(VulkanContext context) {
        StepOptions absolute = OPTIONS.withAbsoluteGradients(true);
        TrainingView photo = photo();
        ViewPriors features = priors(0, 0, 0.5, 0);
        try (JvmEngine jvm = new JvmEngine(1);
                EngineProbe probe = new EngineProbe(context)) {
            compareSteps(jvm, probe, photo, photo, absolute.withRender(PLAIN), 4);
            compareSteps(jvm, probe, photo.withPriors(features), photo.withPriors(features), absolute, 4);
            assertThatThrownBy(() -> {
                        jvm.load(start());
                        probe.engine().load(start());
                        jvm.step(photo, absolute);
                        probe.engine().step(photo, OPTIONS);
                        compareStates(jvm.state(), probe.engine().state());
                    })
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("norms");
        }
    }

    /** Poses by gradient, colour maps and background, from a start where none of them is at rest. */
    @Test
    void whatIsLearntBesidesTheGaussiansAgreesWithTheJvmEngine(VulkanContext context) {
        TrainingView photo = photo();
        StepOptions poses = OPTIONS.withRates(RATES.withPhotos(0, 2e-3, 0));
        StepOptions background = OPTIONS.withRates(RATES.withPhotos(0, 0, 1e-2));
        StepOptions all = OPTIONS.withRates(RATES.withPhotos(3e-3, 2e-3, 1e-2));
        try (JvmEngine jvm = new JvmEngine(1);
                EngineProbe probe = new EngineProbe(context)) {
            for (StepOptions options : new StepOptions[] {poses, background, all}) {
                compareSteps(jvm, probe, photo.withPhoto(1), photo.withPhoto(1), options, 10);
                // Negative control: what is not learnt is noticed, and another photo's parameters are.
                assertThatThrownBy(() ->
                                compareSteps(jvm, probe, photo.withPhoto(1), photo.withPhoto(1), options, OPTIONS, 2))
                        .isInstanceOf(AssertionError.class);
            }
            assertThatThrownBy(() -> compareSteps(jvm, probe, photo.withPhoto(1), photo.withPhoto(2), all, 2))
                    .isInstanceOf(AssertionError.class);
        }
    }

    /** Motions by large angles, as far as half a turn: the device has to build and add them up as exactly as the host. */
    @Test
    void largeMotionsAreComposedAsTheJvmEngineDoes(VulkanContext context) {
        StepOptions options = OPTIONS.withRates(new LearningRates(0, 0, 0, 0, 0, 0, 0, 0.02));
        try (JvmEngine jvm = new JvmEngine(1);
                EngineProbe probe = new EngineProbe(context)) {
            for (double angle : new double[] {1e-7, 1e-3, 0.5, 1.7, 3.0}) {
                TrainingState[] states = {start(), start()};
                for (TrainingState state : states) {
                    float[] values = state.photos().values();
                    int at = PhotoParameters.STRIDE + PhotoParameters.POSE;
                    for (int k = 0; k < 3; k++) {
                        values[at + k] = (float) (angle * new double[] {0.36, -0.48, 0.8}[k]);
                    }
                }
                // A camera that sees the Gaussians when moved.
                TrainingView photo = new TrainingView(
                                VIEW.withPose(
                                        states[0].photos().motion(1).inverse().compose(VIEW.camFromWorld())),
                                photo().truth())
                        .withPhoto(1);
                jvm.load(states[0]);
                probe.engine().load(states[1]);
                for (int s = 0; s < 4; s++) {
                    assertThat(probe.engine().step(photo, options))
                            .isCloseTo(jvm.step(photo, options), Offset.offset(2e-5));
                }
                float[] actual = probe.engine().state().photos().values();
                for (int k = 0; k < actual.length; k++) {
                    assertThat((double) actual[k])
                            .as("angle %s, value %d", angle, k)
                            .isCloseTo(jvm.state().photos().values()[k], Offset.offset(2e-5));
                }
            }
        }
    }

    private static TrainingState start() {
        Gaussians gaussians = RandomScene.withFeatures(RandomScene.gaussians(5, 250, VIEW, 4), CHANNELS, 6);
        TrainingState state = TrainingState.start(gaussians, 3);
        Random random = new Random(3);
        float[] values = state.photos().values();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.02 * random.nextGaussian());
        }
        for (int k = 0; k < 3; k++) {
            state.photos().backgroundValues()[k] = 0.2f + 0.2f * k;
        }
        return state;
    }

    private static void compareSteps(
            JvmEngine jvm, EngineProbe probe, TrainingView forJvm, TrainingView forVulkan, StepOptions options, int n) {
        compareSteps(jvm, probe, forJvm, forVulkan, options, options, n);
    }

    private static void compareSteps(
            JvmEngine jvm,
            EngineProbe probe,
            TrainingView forJvm,
            TrainingView forVulkan,
            StepOptions options,
            StepOptions vulkanOptions,
            int n) {
        jvm.load(start());
        probe.engine().load(start());
        for (int s = 0; s < n; s++) {
            double expected = jvm.step(forJvm, options);
            assertThat(probe.engine().step(forVulkan, vulkanOptions)).isCloseTo(expected, Offset.offset(4e-6));
        }
        compareStates(jvm.state(), probe.engine().state());
    }

    private static void compareStates(TrainingState e, TrainingState a) {
        assertThat(a.iteration()).isEqualTo(e.iteration());
        assertThat(a.visibleSteps()).isEqualTo(e.visibleSteps());
        new ParityAssert("norms", 1e-3, 0.01).compare(a.gradientNormSums(), e.gradientNormSums());
        VulkanParityTest.compareClouds("parameters", a.gaussians(), e.gaussians(), 1e-4);
        VulkanParityTest.compareClouds("first moments", a.firstMoments(), e.firstMoments(), 3e-3);
        VulkanParityTest.compareClouds("second moments", a.secondMoments(), e.secondMoments(), 3e-3);
        PhotoParameters photos = a.photos();
        assertThat(photos.steps()).isEqualTo(e.photos().steps());
        new ParityAssert("photos", 2e-5, 0).compare(photos.values(), e.photos().values());
        VulkanParityTest.compareWhereAny(
                "photos' moments", 2e-3, 0, photos.firstMoments(), e.photos().firstMoments());
        VulkanParityTest.compareWhereAny(
                "photos' second moments",
                2e-3,
                0,
                photos.secondMoments(),
                e.photos().secondMoments());
        new ParityAssert("background", 1e-3, 0)
                .compare(photos.backgroundValues(), e.photos().backgroundValues());
    }

    private static TrainingView photo() {
        try (JvmEngine jvm = new JvmEngine(1)) {
            jvm.load(TrainingState.start(RandomScene.gaussians(6, 300, VIEW, 5)));
            return new TrainingView(VIEW, jvm.render(VIEW, PLAIN).image());
        }
    }

    private static boolean[] mask() {
        boolean[] mask = new boolean[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            mask[i] = i % 7 != 0 && i > 3 * WIDTH;
        }
        return mask;
    }

    private static DepthTarget depths(int seed) {
        Random random = new Random(seed);
        float[] nearness = new float[PIXELS];
        float[] weights = new float[PIXELS];
        for (int i = 0; i < PIXELS; i++) {
            double z = 3 + 0.02 * (i % WIDTH) - 0.03 * (i / WIDTH) + 0.1 * random.nextGaussian();
            nearness[i] = (float) (1 / (z + 0.8));
            weights[i] = i % 5 == 0 ? 0 : random.nextFloat();
        }
        return new DepthTarget(WIDTH, HEIGHT, 0.8, nearness, weights);
    }

    private static ViewPriors priors(double shape, double normals, double features, double gram) {
        int patches = ROWS * COLUMNS;
        float[] goal = new float[patches * CHANNELS];
        float[] cosines = new float[patches * patches];
        Random random = new Random(12);
        for (int i = 0; i < goal.length; i++) {
            goal[i] = i < CHANNELS ? 0 : (float) random.nextGaussian();
        }
        for (int p = 0; p < patches; p++) {
            for (int q = 0; q <= p; q++) {
                cosines[p * patches + q] = p == q ? 1 : random.nextFloat();
                cosines[q * patches + p] = cosines[p * patches + q];
            }
        }
        return new ViewPriors(
                Optional.of(depths(4)),
                shape,
                normals,
                Optional.of(new FeatureTarget(ROWS, COLUMNS, CHANNELS, goal, cosines)),
                features,
                gram);
    }
}
