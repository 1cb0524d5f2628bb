package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.io.PlyFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What must hold for any Gaussians at all. Seeds are fixed and named in the messages. */
class InvariantsTest {

    private static final PinholeView VIEW = RandomScene.view(60, 44);
    private static final RenderOptions FULL =
            new RenderOptions(3, new Colour(0.2f, 0.4f, 0.1f)).withMip(true).withFeatures(true);
    private static final float[] STRANGE = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1e30f,
        -1e30f,
        100,
        -100,
        0,
        -0.0f
    };

    /** Random Gaussians of which every other one has strange values in some places. */
    private static Gaussians fuzzed(long seed) {
        Random random = new Random(seed);
        Gaussians g = RandomScene.withFeatures(RandomScene.gaussians(seed, 80, VIEW, 5), 3, seed);
        float[][] arrays = {g.means(), g.logScales(), g.quaternions(), g.logitOpacities(), g.sh(), g.features()};
        for (int i = 0; i < 80; i += 2) {
            for (int k = random.nextInt(3); k >= 0; k--) {
                float[] array = arrays[random.nextInt(arrays.length)];
                int stride = array.length / 80;
                array[i * stride + random.nextInt(stride)] = STRANGE[random.nextInt(STRANGE.length)];
            }
            if (i % 10 == 0) {
                Arrays.fill(g.quaternions(), 4 * i, 4 * i + 4, i % 20 == 0 ? 0 : Float.MIN_VALUE);
            }
        }
        return g;
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void picturesAndGradientsAreNumbersWhateverGoesIn(CodePath path) {
        for (long seed = 0; seed < 60; seed++) {
            Gaussians g = fuzzed(seed);
            EngineGradients engine = EngineGradients.of(path, 1, g, VIEW, FULL, seed);
            for (float[] values : new float[][] {engine.rgb, engine.depth, engine.alpha, engine.features}) {
                assertFinite(values, "picture of seed " + seed);
            }
            for (double value : engine.pose) {
                assertThat(value).as("pose of seed " + seed).isFinite();
            }
            Gaussians d = engine.gradients;
            for (int i = 1; i < 80; i += 2) {
                assertFinite(Arrays.copyOfRange(d.means(), 3 * i, 3 * i + 3), "means of seed " + seed);
                assertFinite(Arrays.copyOfRange(d.logScales(), 3 * i, 3 * i + 3), "scales of seed " + seed);
                assertFinite(Arrays.copyOfRange(d.quaternions(), 4 * i, 4 * i + 4), "rotations of seed " + seed);
                assertFinite(Arrays.copyOfRange(d.logitOpacities(), i, i + 1), "opacities of seed " + seed);
                assertFinite(Arrays.copyOfRange(d.sh(), 48 * i, 48 * i + 48), "colours of seed " + seed);
                assertFinite(Arrays.copyOfRange(d.features(), 3 * i, 3 * i + 3), "features of seed " + seed);
            }
        }
    }

    private static void assertFinite(float[] values, String what) {
        for (float value : values) {
            assertThat(value).as(what).isFinite();
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void aGaussianThatIsNoNumberIsAsIfItWereNotThere(CodePath path) {
        Gaussians g = RandomScene.withFeatures(RandomScene.gaussians(3, 60, VIEW, 5), 3, 3);
        float[][] arrays = {g.means(), g.logScales(), g.quaternions(), g.logitOpacities(), g.sh(), g.features()};
        int[] sound = new int[54];
        for (int i = 0; i < 54; i++) {
            sound[i] = i;
        }
        for (int k = 0; k < 6; k++) {
            arrays[k][(54 + k) * (arrays[k].length / 60)] = Float.NaN;
        }
        EngineGradients all = EngineGradients.of(path, 1, g, VIEW, FULL, 5);
        EngineGradients rest = EngineGradients.of(path, 1, g.select(sound), VIEW, FULL, 5);
        assertThat(all.rgb).isEqualTo(rest.rgb);
        assertThat(Arrays.copyOf(all.gradients.means(), 162)).isEqualTo(rest.gradients.means());
        assertThat(Arrays.copyOfRange(all.gradients.means(), 162, 180)).containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void weightsAndWhatPassesAddUpToOne(CodePath path) {
        for (long seed = 0; seed < 10; seed++) {
            Gaussians g = RandomScene.gaussians(seed, 150, VIEW, seed % 2 == 0 ? 2 : 12);
            Arrays.fill(g.sh(), 0);
            for (int i = 0; i < 150; i++) {
                Arrays.fill(g.sh(), 48 * i, 48 * i + 3, 0.5f / SphericalHarmonics.C0);
            }
            try (JvmEngine engine = new JvmEngine(1, path)) {
                engine.load(TrainingState.start(g));
                Rendering white = engine.render(VIEW, new RenderOptions(0, new Colour(1, 1, 1)));
                Rendering black = engine.render(VIEW, new RenderOptions(0, Colour.BLACK));
                for (int i = 0; i < white.alpha().length; i++) {
                    assertThat(white.rgb()[3 * i]).isCloseTo(1, Offset.offset(2e-6f));
                    assertThat(black.rgb()[3 * i]).isCloseTo(black.alpha()[i], Offset.offset(2e-6f));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void onlyGaussiansThatReachAPixelHaveAGradientByIt(CodePath path) {
        Gaussians g = RandomScene.withFeatures(RandomScene.gaussians(8, 200, VIEW, 3), 2, 8);
        int pixels = 60 * 44;
        int x = 33;
        int y = 20;
        double[] byRgb = new double[3 * pixels];
        double[] byFeatures = new double[2 * pixels];
        Arrays.fill(byRgb, 3 * (y * 60 + x), 3 * (y * 60 + x) + 3, 1);
        Arrays.fill(byFeatures, 2 * (y * 60 + x), 2 * (y * 60 + x) + 2, 1);
        EngineGradients engine =
                new EngineGradients(path, 1, g, VIEW, FULL, byRgb, new double[pixels], new double[pixels], byFeatures);
        int reached = 0;
        for (int i = 0; i < 200; i++) {
            // Alone on the screen, is it seen at the pixel?
            float alone;
            try (JvmEngine single = new JvmEngine(1, path)) {
                single.load(TrainingState.start(g.select(new int[] {i})));
                alone = single.render(VIEW, FULL).alpha()[y * 60 + x];
            }
            boolean moved = engine.gradients.logitOpacities()[i] != 0
                    || engine.gradients.means()[3 * i] != 0
                    || engine.gradients.features()[2 * i] != 0;
            if (alone == 0) {
                assertThat(moved).as("Gaussian " + i).isFalse();
            }
            reached += alone > 0 && moved ? 1 : 0;
        }
        assertThat(reached).isBetween(3, 100);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void anotherOrderGivesTheSameBits(CodePath path) {
        Gaussians g = RandomScene.withFeatures(RandomScene.gaussians(4, 150, VIEW, 4), 4, 4);
        int[] order = new int[150];
        for (int i = 0; i < 150; i++) {
            order[i] = i * 77 % 150;
        }
        EngineGradients straight = EngineGradients.of(path, 1, g, VIEW, FULL, 1);
        EngineGradients shuffled = EngineGradients.of(path, 1, g.select(order), VIEW, FULL, 1);
        assertThat(shuffled.rgb).isEqualTo(straight.rgb);
        assertThat(shuffled.features).isEqualTo(straight.features);
        Gaussians expected = straight.gradients.select(order);
        assertThat(shuffled.gradients.means()).isEqualTo(expected.means());
        assertThat(shuffled.gradients.quaternions()).isEqualTo(expected.quaternions());
        assertThat(shuffled.gradients.sh()).isEqualTo(expected.sh());
        assertThat(shuffled.gradients.features()).isEqualTo(expected.features());
        assertThat(straight.gradients.means()).isNotEqualTo(expected.means());
    }

    @Test
    void listsHoldEveryGaussianThatATileSeesNearestFirst() {
        Gaussians g = RandomScene.gaussians(6, 400, VIEW, 4);
        try (JvmEngine engine = new JvmEngine(2, CodePath.SCALAR)) {
            engine.load(TrainingState.start(g));
            Projection projection = Projection.of(VIEW);
            engine.forward(projection, FULL.withFeatures(false));
            Frame frame = engine.frame();
            int seen = 0;
            for (int tile = 0; tile < projection.tiles(); tile++) {
                int[] list = Arrays.copyOfRange(frame.listGaussian, frame.tileStart[tile], frame.tileStart[tile + 1]);
                for (int k = 1; k < list.length; k++) {
                    assertThat(frame.depths[list[k]]).isGreaterThanOrEqualTo(frame.depths[list[k - 1]]);
                }
                int[] sorted = list.clone();
                Arrays.sort(sorted);
                for (int i = 0; i < 400; i++) {
                    boolean listed = Arrays.binarySearch(sorted, i) >= 0;
                    if (frame.hitCount[i] > 0 && sees(frame, i, tile % projection.tilesX, tile / projection.tilesX)) {
                        assertThat(listed)
                                .as("Gaussian " + i + " in tile " + tile)
                                .isTrue();
                        seen++;
                    }
                }
            }
            assertThat(frame.tileStart[projection.tiles()]).isEqualTo(frame.hits);
            // Few are listed that no pixel centre sees.
            assertThat(seen).isBetween(frame.hits * 8 / 10, frame.hits);
        }
    }

    private static boolean sees(Frame frame, int i, int tileX, int tileY) {
        int at = i * Splat.STRIDE;
        float[] s = frame.splats;
        for (int y = 16 * tileY; y < Math.min(44, 16 * tileY + 16); y++) {
            for (int x = 16 * tileX; x < Math.min(60, 16 * tileX + 16); x++) {
                double dx = x + 0.5 - s[at + Splat.X];
                double dy = y + 0.5 - s[at + Splat.Y];
                double exponent = s[at + Splat.XX] * dx * dx
                        + s[at + Splat.XY] * dx * dy
                        + s[at + Splat.YY] * dy * dy
                        + s[at + Splat.LOG];
                if (exponent >= BlendMath.MIN_EXPONENT) {
                    return true;
                }
            }
        }
        return false;
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void filesAreTheSameForAnyNumberOfThreads(CodePath path, @TempDir Path folder)
            throws IOException, NoSuchAlgorithmException {
        String expected = hashAfterTraining(path, 1, 12, folder.resolve("1.ply"));
        assertThat(hashAfterTraining(path, 2, 12, folder.resolve("2.ply"))).isEqualTo(expected);
        assertThat(hashAfterTraining(path, 7, 12, folder.resolve("7.ply"))).isEqualTo(expected);
        assertThat(hashAfterTraining(path, 1, 11, folder.resolve("0.ply"))).isNotEqualTo(expected);
    }

    private static String hashAfterTraining(CodePath path, int threads, int steps, Path file)
            throws IOException, NoSuchAlgorithmException {
        Gaussians start = RandomScene.withFeatures(RandomScene.gaussians(2, 2500, VIEW, 2), 4, 2);
        byte[] photo = new byte[3 * 60 * 44];
        new Random(5).nextBytes(photo);
        try (JvmEngine engine = new JvmEngine(threads, path)) {
            engine.load(TrainingState.start(start));
            for (int s = 0; s < steps; s++) {
                engine.step(
                        new TrainingView(VIEW, new Image(60, 44, photo)),
                        StepOptions.mcmc(FULL, LearningRates.defaults(3).withFeatures(0.01), 3));
            }
            PlyFiles.write(engine.state().gaussians(), file);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        }
    }
}
