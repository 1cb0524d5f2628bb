package io.github.dinosplat.matching.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.junit.jupiter.api.Test;

class Matrix3Test {

    private static final double[] IDENTITY = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    /** u, v rotations; u diag(s) v' the matrix, but for the sign of the last part where the matrix mirrors. */
    private static void check(double[] a) {
        Matrix3.Svd svd = Matrix3.svd(a);
        for (double[] r : new double[][] {svd.u(), svd.v()}) {
            assertThat(Matrix3.multiply(r, Matrix3.transpose(r))).containsExactly(IDENTITY, within(1e-14));
            assertThat(Matrix3.determinant(r)).isCloseTo(1, within(1e-14));
        }
        assertThat(svd.s()[0]).isGreaterThanOrEqualTo(svd.s()[1]);
        assertThat(svd.s()[1]).isGreaterThanOrEqualTo(svd.s()[2]);
        double last = Matrix3.determinant(a) < 0 ? -svd.s()[2] : svd.s()[2];
        double[] middle = {svd.s()[0], 0, 0, 0, svd.s()[1], 0, 0, 0, last};
        assertThat(Matrix3.multiply(Matrix3.multiply(svd.u(), middle), Matrix3.transpose(svd.v())))
                .containsExactly(a, within(1e-14 * (1 + svd.s()[0])));
    }

    @Test
    void singularValuesOfMatricesOfEveryRank() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            double[] x = random.doubles(9, -1, 1).toArray();
            double[] y = random.doubles(9, -1, 1).toArray();
            check(x);
            for (int rank = 1; rank < 3; rank++) {
                double[] part = {1, 0, 0, 0, rank - 1, 0, 0, 0, 0};
                check(Matrix3.multiply(Matrix3.multiply(x, part), y));
            }
        }
        check(IDENTITY);
        check(new double[9]);
        check(new double[] {0, 0, 0, 0, 0, 0, 0, 0, -7});
        check(new double[] {0, -1, 0.2, 1, 0, -3, -0.2, 3, 0});
    }

    @Test
    void singularValuesAreEjmls() {
        Random random = new Random(2);
        for (int trial = 0; trial < 100; trial++) {
            double[] a = random.doubles(9, -1, 1).toArray();
            double[] theirs = SingularOps_DDRM.singularValues(DMatrixRMaj.wrap(3, 3, a.clone()));
            Arrays.sort(theirs);
            double[] s = Matrix3.svd(a).s();
            assertThat(s).containsExactly(new double[] {theirs[2], theirs[1], theirs[0]}, within(1e-12));
        }
    }

    @Test
    void whatIsNotFiniteHasNone() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Matrix3.svd(new double[] {1, 0, 0, 0, Double.NaN, 0, 0, 0, 1}));
    }
}
