package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ParityAssertTest {

    private static void compare(double share, Consumer<float[]> change) {
        double[] expected = new double[1000];
        float[] actual = new float[1000];
        for (int i = 0; i < 1000; i++) {
            expected[i] = Math.sin(i) * 3;
            actual[i] = (float) expected[i];
        }
        change.accept(actual);
        new ParityAssert("sines", 1e-4, share).compare(actual, expected);
    }

    @Test
    void agreementPasses() {
        assertThatCode(() -> compare(0, a -> {})).doesNotThrowAnyException();
        assertThatCode(() -> compare(0, a -> a[5] += 1e-4f)).doesNotThrowAnyException();
        assertThatCode(() -> compare(0.002, a -> a[5] += 1e-3f)).doesNotThrowAnyException();
    }

    @Test
    void differencesFail() {
        assertThatThrownBy(() -> compare(0, a -> a[5] += 1e-3f)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> compare(0.5, a -> a[5] += 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> compare(0.5, a -> a[5] = Float.NaN)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> compare(0.001, a -> {
                    a[5] += 1e-3f;
                    a[6] += 1e-3f;
                }))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new ParityAssert("none", 1e-4, 0).compare(new float[9], new double[9]))
                .isInstanceOf(AssertionError.class);
    }
}
