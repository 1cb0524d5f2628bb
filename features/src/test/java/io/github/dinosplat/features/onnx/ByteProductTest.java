package io.github.dinosplat.features.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteProductTest {

    private static ByteProduct product;

    @BeforeAll
    static void open() {
        product = new ByteProduct();
    }

    @AfterAll
    static void close() {
        product.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "64,65,128", "1,900,3", "700,1,2", "16,16,1", "256,1024,128"})
    void agreesWithPlainLoops(int rowsA, int rowsB, int dim) {
        byte[] a = random((rowsA + 3) * dim, 1);
        byte[] b = random((rowsB + 2) * dim, 2);
        int[] out = new int[rowsA * rowsB + 1];
        out[rowsA * rowsB] = 42;
        product.multiplyTransposed(a, 3, rowsA, b, 2, rowsB, dim, out);
        assertThat(out[rowsA * rowsB]).isEqualTo(42);
        for (int i = 0; i < rowsA; i++) {
            for (int j = 0; j < rowsB; j++) {
                int sum = 0;
                for (int k = 0; k < dim; k++) {
                    sum += (a[(3 + i) * dim + k] & 0xff) * (b[(2 + j) * dim + k] & 0xff);
                }
                assertThat(out[i * rowsB + j]).isEqualTo(sum);
            }
        }
    }

    @Test
    void theGreatestBytesDoNotOverflow() {
        byte[] most = new byte[64 * 32768];
        Arrays.fill(most, (byte) 255);
        int[] out = new int[64 * 64];
        product.multiplyTransposed(most, 0, 64, most, 0, 64, 32768, out);
        assertThat(out).containsOnly(255 * 255 * 32768);
    }

    @Test
    void refusesArraysThatAreTooShort() {
        byte[] a = new byte[12];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(a, 1, 3, a, 0, 3, 4, new int[9]))
                .withMessage("expected a [3, 4] from row 1 but length was 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(a, 0, 3, a, 0, 3, 4, new int[8]))
                .withMessageContaining("out [3, 3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> product.multiplyTransposed(a, 0, 3, a, 0, 3, 0, new int[9]))
                .withMessageContaining("dim");
    }

    private static byte[] random(int n, long seed) {
        byte[] bytes = new byte[n];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
