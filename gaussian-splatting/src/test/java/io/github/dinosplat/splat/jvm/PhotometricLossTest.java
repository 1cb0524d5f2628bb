package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.TrainingView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PhotometricLossTest {

    @ParameterizedTest
    @CsvSource({
        "SCALAR, 40, 23",
        "VECTOR, 40, 23",
        "VECTOR, 53, 12",
        "VECTOR, 11, 30",
        "VECTOR, 18, 19",
        "SCALAR, 11, 11"
    })
    void agreesWithTheOracle(CodePath path, int width, int height) {
        double[] render = random(1, width * height * 3);
        Image photo = photo(2, width, height);
        Frame frame = frame(render, width, height);
        double loss = loss(path, frame, photo, Optional.empty(), 0.2, 3);

        double[] truth = values(photo);
        assertThat(loss).isCloseTo(ReferenceLoss.loss(render, truth, width, height, 0.2), Offset.offset(1e-6));
        double[] gradient = ReferenceLoss.gradient(render, truth, width, height, 0.2);
        for (int i = 0; i < render.length; i++) {
            assertThat((double) gradient(frame, i)).isCloseTo(gradient[i], Offset.offset(1e-4 / render.length));
        }
    }

    @Test
    void theOraclesGradientIsThatOfCentralDifferences() {
        double[] render = random(1, 15 * 13 * 3);
        double[] truth = values(photo(2, 15, 13));
        double[] gradient = ReferenceLoss.gradient(render, truth, 15, 13, 0.2);
        DoubleSupplier loss = () -> ReferenceLoss.loss(render, truth, 15, 13, 0.2);
        assertThat(CentralDifferences.compare(render, gradient, 1e-6, loss)).isEqualTo(render.length);
        gradient[100] *= 1.001;
        assertThatThrownBy(() -> CentralDifferences.compare(render, gradient, 1e-6, loss))
                .isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void agreesWithAnIndependentImplementation(CodePath path) {
        Optional<Path> goldens = RealData.folder("splat-golden");
        Assumptions.assumeTrue(goldens.isPresent(), RealData.absence("splat-golden"));
        GoldenScene golden = new GoldenScene(goldens.get().resolve("ssim"), 52, 40);
        double[] render = golden.read("render");
        double[] truth = golden.read("truth");
        double[] expected = golden.read("grad_render_valid");
        assertThat(ReferenceLoss.loss(render, truth, 52, 40, 0.2)).isCloseTo(0.06002075063423108, Offset.offset(1e-12));
        double[] reference = ReferenceLoss.gradient(render, truth, 52, 40, 0.2);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(reference).containsExactly(expected, Offset.offset(1e-9 * largest));
        // The truth of the golden is no 8-bit picture: the loops are given it beside the photo's way.
        Frame frame = frame(render, 52, 40);
        PhotometricLoss loss = new PhotometricLoss(path.ssimRows(), 1);
        try (Workers workers = new Workers(1)) {
            double value = loss.gradient(frame, planes(render, 52 * 40), planes(truth, 52 * 40), 52 * 40, 0.2, workers);
            assertThat(value).isCloseTo(0.06002075063423108, Offset.offset(1e-6));
        }
        double difference = 0;
        double wrong = 0;
        double length = 0;
        double[] padded = golden.read("grad_render_padded");
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(gradient(frame, i) - expected[i], 2);
            wrong += Math.pow(gradient(frame, i) - padded[i], 2);
            length += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(difference / length)).isLessThan(1e-4);
        assertThat(Math.sqrt(wrong / length)).isGreaterThan(1e-3);
    }

    @Test
    void doesNotDependOnTheNumberOfThreads() {
        double[] render = random(1, 70 * 61 * 3);
        Image photo = photo(2, 70, 61);
        Frame one = frame(render, 70, 61);
        double expected = loss(CodePath.VECTOR, one, photo, Optional.empty(), 0.2, 1);
        Frame seven = frame(render, 70, 61);
        assertThat(loss(CodePath.VECTOR, seven, photo, Optional.empty(), 0.2, 7))
                .isEqualTo(expected);
        assertThat(seven.greenGradient).isEqualTo(one.greenGradient);
    }

    @ParameterizedTest
    @EnumSource(CodePath.class)
    void aMaskedPixelHasNoSay(CodePath path) {
        int width = 30;
        int height = 25;
        double[] render = random(1, width * height * 3);
        boolean[] mask = new boolean[width * height];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % width < 20;
        }
        Image photo = photo(2, width, height);
        byte[] other = photo.rgb().clone();
        for (int i = 0; i < mask.length; i++) {
            if (!mask[i]) {
                other[3 * i] ^= 0x55;
            }
        }
        Frame frame = frame(render, width, height);
        double loss = loss(path, frame, photo, Optional.of(mask), 0.2, 1);
        Frame changed = frame(render, width, height);
        assertThat(loss(path, changed, new Image(width, height, other), Optional.of(mask), 0.2, 1))
                .isEqualTo(loss);
        assertThat(changed.redGradient).isEqualTo(frame.redGradient);
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                assertThat(frame.redGradient[i]).isNotZero();
            } else {
                assertThat(frame.redGradient[i]).isZero();
            }
        }
        assertThat(loss(path, changed, new Image(width, height, other), Optional.empty(), 0.2, 1))
                .isNotEqualTo(loss);
    }

    @Test
    void refusesAPhotoSmallerThanTheWindowUnlessSimilarityIsOff() {
        double[] render = random(1, 10 * 30 * 3);
        Frame frame = frame(render, 10, 30);
        Image photo = photo(2, 10, 30);
        assertThatThrownBy(() -> loss(CodePath.SCALAR, frame, photo, Optional.empty(), 0.2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10x30");
        assertThat(loss(CodePath.SCALAR, frame, photo, Optional.empty(), 0, 1)).isPositive();
    }

    @Test
    void planesAreReusedBetweenPhotosOfDifferentSizes() {
        PhotometricLoss loss = new PhotometricLoss(CodePath.VECTOR.ssimRows(), 1);
        try (Workers workers = new Workers(1)) {
            Frame wide = frame(random(1, 60 * 20 * 3), 60, 20);
            loss.gradient(wide, view(photo(2, 60, 20), Optional.empty()), 0.2, workers);
            Frame tall = frame(random(3, 22 * 40 * 3), 22, 40);
            double value = loss.gradient(tall, view(photo(4, 22, 40), Optional.empty()), 0.2, workers);
            Frame fresh = frame(random(3, 22 * 40 * 3), 22, 40);
            assertThat(loss(CodePath.VECTOR, fresh, photo(4, 22, 40), Optional.empty(), 0.2, 1))
                    .isEqualTo(value);
            assertThat(tall.redGradient).isEqualTo(fresh.redGradient);
        }
    }

    private static double loss(
            CodePath path, Frame frame, Image photo, Optional<boolean[]> mask, double weight, int threads) {
        try (Workers workers = new Workers(threads)) {
            return new PhotometricLoss(path.ssimRows(), threads).gradient(frame, view(photo, mask), weight, workers);
        }
    }

    private static TrainingView view(Image photo, Optional<boolean[]> mask) {
        PinholeView view = RandomScene.view(photo.width(), photo.height());
        TrainingView whole = new TrainingView(view, photo);
        return mask.map(whole::withMask).orElse(whole);
    }

    private static Frame frame(double[] render, int width, int height) {
        Frame frame = new Frame();
        frame.reservePicture(width, height, 1);
        float[][] planes = planes(render, width * height);
        frame.red = planes[0];
        frame.green = planes[1];
        frame.blue = planes[2];
        return frame;
    }

    private static float[][] planes(double[] rgb, int pixels) {
        float[][] planes = new float[3][pixels];
        for (int i = 0; i < 3 * pixels; i++) {
            planes[i % 3][i / 3] = (float) rgb[i];
        }
        return planes;
    }

    private static float gradient(Frame frame, int i) {
        float[][] planes = {frame.redGradient, frame.greenGradient, frame.blueGradient};
        return planes[i % 3][i / 3];
    }

    /** Smooth enough that similarity is neither 0 nor 1; exactly representable as float. */
    private static double[] random(long seed, int count) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 + 0.3 * Math.sin(0.05 * i) + 0.15 * (random.nextDouble() - 0.5));
        }
        return values;
    }

    private static Image photo(long seed, int width, int height) {
        double[] values = random(seed, 3 * width * height);
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(255 * values[i]);
        }
        return new Image(width, height, bytes);
    }

    private static double[] values(Image photo) {
        double[] values = new double[photo.rgb().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (photo.rgb()[i] & 0xff) / 255.0;
        }
        return values;
    }
}
