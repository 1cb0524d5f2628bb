package io.github.dinosplat.features.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixProductTest {

    private static MatrixProduct product;

    @BeforeAll
    static void open() {
        product = new MatrixProduct();
    }

    @AfterAll
    static void close() {
        product.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "64,65,128", "1,900,3", "700,1,2", "16,16,1", "333,257,96"})
    void agreesWithPlainLoops(int rowsA, int rowsB, int dim) {
        float[] a = random(rowsA * dim, 1);
        float[] b = random(rowsB * dim, 2);
        float[] out = new float[rowsA * rowsB];
        product.multiplyTransposed(a, rowsA, b, rowsB, dim, out);
        assertThat(greatestDifference(out, loops(a, rowsA, b, rowsB, dim))).isLessThan(2e-6 * dim + 1e-6);
    }

    @Test
    void theComparisonNoticesOneWrongValue() {
        float[] a = random(20 * 8, 1);
        float[] b = random(30 * 8, 2);
        float[] out = new float[600];
        product.multiplyTransposed(a, 20, b, 30, 8, out);
        out[299] += 0.01f;
        assertThat(greatestDifference(out, loops(a, 20, b, 30, 8))).isGreaterThan(0.009);
    }

    @Test
    void aProductLargerThanOneBlockIsCompleteAndLongerArraysAreAllowed() {
        int rowsA = 3000;
        int rowsB = 2000;
        float[] a = random(rowsA * 4 + 5, 3);
        float[] b = random(rowsB * 4 + 5, 4);
        float[] out = new float[rowsA * rowsB + 1];
        out[rowsA * rowsB] = 42;
        product.multiplyTransposed(a, rowsA, b, rowsB, 4, out);
        assertThat(greatestDifference(out, loops(a, rowsA, b, rowsB, 4), rowsA * rowsB))
                .isLessThan(1e-5);
        assertThat(out[rowsA * rowsB]).isEqualTo(42);
    }

    @Test
    void someRowsGiveTheirPartOfTheProduct() {
        float[] a = random(9 * 8, 1);
        float[] b = random(20 * 8, 2);
        float[] out = new float[15];
        product.multiplyTransposed(a, 4, 5, b, 17, 3, 8, out);
        float[] partA = Arrays.copyOfRange(a, 4 * 8, 9 * 8);
        float[] partB = Arrays.copyOfRange(b, 17 * 8, 20 * 8);
        assertThat(greatestDifference(out, loops(partA, 5, partB, 3, 8))).isLessThan(1e-5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(a, 5, 5, b, 17, 3, 8, out))
                .withMessageContaining("from row 5");
    }

    @Test
    void noRowsGiveAnEmptyProduct() {
        float[] out = {7};
        product.multiplyTransposed(new float[0], 0, random(8, 1), 2, 4, out);
        assertThat(out).containsExactly(7);
    }

    @Test
    void manyThreadsGetTheSameBitsAsOne() {
        float[] b = random(150 * 64, 9);
        List<float[]> alone = IntStream.range(0, 40).mapToObj(i -> one(i, b)).toList();
        List<float[]> together =
                IntStream.range(0, 40).parallel().mapToObj(i -> one(i, b)).toList();
        for (int i = 0; i < 40; i++) {
            assertThat(together.get(i)).containsExactly(alone.get(i));
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(new float[7], 2, new float[8], 2, 4, new float[4]))
                .withMessageContaining("expected a [2, 4] but length was 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(new float[8], 2, new float[8], 2, 4, new float[3]))
                .withMessageContaining("out");
    }

    private static float[] one(int seed, float[] b) {
        int rows = 50 + seed * 3;
        float[] out = new float[rows * 150];
        product.multiplyTransposed(random(rows * 64, seed), rows, b, 150, 64, out);
        return out;
    }

    private static float[] random(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] v = new float[n];
        for (int i = 0; i < n; i++) {
            v[i] = (float) (random.nextDouble() * 2 - 1);
        }
        return v;
    }

    private static float[] loops(float[] a, int rowsA, float[] b, int rowsB, int dim) {
        float[] out = new float[rowsA * rowsB];
        for (int i = 0; i < rowsA; i++) {
            for (int j = 0; j < rowsB; j++) {
                double sum = 0;
                for (int k = 0; k < dim; k++) {
                    sum += (double) a[i * dim + k] * b[j * dim + k];
                }
                out[i * rowsB + j] = (float) sum;
            }
        }
        return out;
    }

    private static double greatestDifference(float[] got, float[] want) {
        assertThat(got).hasSameSizeAs(want);
        return greatestDifference(got, want, want.length);
    }

    private static double greatestDifference(float[] got, float[] want, int count) {
        double most = 0;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, Math.abs(got[i] - want[i]));
        }
        return most;
    }
}
