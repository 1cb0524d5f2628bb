package io.github.dinosplat.matching.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class SevenPointTest {

    private static final int[] SAMPLE = {0, 1, 2, 3, 4, 5, 6};

    @Test
    void findsTheMatrixOfExactCorrespondences() {
        Random random = new Random(3);
        double[] models = new double[27];
        int threefold = 0;
        for (int trial = 0; trial < 200; trial++) {
            Rigid3 pose = new Rigid3(
                    new Quaterniond().rotationXYZ(0.3 * random.nextGaussian(), 0.3 * random.nextGaussian(), 1),
                    new Vector3d(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()).normalize());
            double[] a = new double[14];
            double[] b = new double[14];
            for (int i = 0; i < 7; i++) {
                Vector3d p = new Vector3d(random.nextGaussian(), random.nextGaussian(), 6 + random.nextGaussian());
                Vector3d q = pose.transform(p);
                a[2 * i] = p.x / p.z;
                a[2 * i + 1] = p.y / p.z;
                b[2 * i] = q.x / q.z;
                b[2 * i + 1] = q.y / q.z;
            }
            double[] truth = Matrix3.normalise(RobustEssential.essentialOf(pose));
            int count = new SevenPoint().solve(a, b, SAMPLE, models);
            threefold += count == 3 ? 1 : 0;
            for (int s = 0; s < count; s++) {
                double[] model = Matrix3.normalise(Arrays.copyOfRange(models, 9 * s, 9 * s + 9));
                assertThat(Matrix3.determinant(model)).isCloseTo(0, within(1e-10));
            }
            assertThat(nearest(models, count, truth))
                    .as("trial %d of %d matrices", trial, count)
                    .isLessThan(1e-6);
        }
        assertThat(threefold).as("samples with three matrices").isBetween(20, 180);
    }

    private static double distance(double[] a, double[] b, double sign) {
        double sum = 0;
        for (int k = 0; k < 9; k++) {
            sum += Math.pow(a[k] - sign * b[k], 2);
        }
        return Math.sqrt(sum);
    }

    @Test
    void everyMatrixOfAnyPointsSatisfiesTheEquations() {
        Random random = new Random(11);
        double[] models = new double[27];
        for (int trial = 0; trial < 100; trial++) {
            double[] a = random.doubles(14, -1, 1).toArray();
            double[] b = random.doubles(14, -1, 1).toArray();
            int count = new SevenPoint().solve(a, b, SAMPLE, models);
            assertThat(count).isIn(1, 3);
            for (int s = 0; s < count; s++) {
                double[] f = Matrix3.normalise(Arrays.copyOfRange(models, 9 * s, 9 * s + 9));
                assertThat(Matrix3.determinant(f)).isCloseTo(0, within(1e-12));
                for (int i = 0; i < 14; i += 2) {
                    double product = b[i] * (f[0] * a[i] + f[1] * a[i + 1] + f[2])
                            + b[i + 1] * (f[3] * a[i] + f[4] * a[i + 1] + f[5])
                            + (f[6] * a[i] + f[7] * a[i + 1] + f[8]);
                    assertThat(product).isCloseTo(0, within(1e-12));
                }
            }
        }
    }

    /** Distance of the nearest of some matrices, whatever their lengths and signs. */
    private static double nearest(double[] models, int count, double[] truth) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int s = 0; s < count; s++) {
            double[] model = Matrix3.normalise(Arrays.copyOfRange(models, 9 * s, 9 * s + 9));
            nearest = Math.min(nearest, Math.min(distance(model, truth, 1), distance(model, truth, -1)));
        }
        return nearest;
    }

    @Test
    void aPointTwiceLeavesTooMuchFreedom() {
        Random random = new Random(5);
        double[] a = random.doubles(14).toArray();
        double[] b = random.doubles(14).toArray();
        double[] models = new double[27];
        assertThat(new SevenPoint().solve(a, b, SAMPLE, models)).isPositive();
        assertThat(new SevenPoint().solve(a, b, new int[] {0, 1, 2, 3, 4, 5, 5}, models))
                .isZero();
    }

    @Test
    void rootsOfCubics() {
        double[] roots = new double[3];
        // (x - 1) (x - 2) (x + 3), twice
        assertThat(SevenPoint.roots(2, 0, -14, 12, roots)).isEqualTo(3);
        Arrays.sort(roots);
        assertThat(roots).containsExactly(new double[] {-3, 1, 2}, within(1e-14));
        // (x - 5) (x^2 + 1)
        assertThat(SevenPoint.roots(1, -5, 1, -5, roots)).isEqualTo(1);
        assertThat(roots[0]).isCloseTo(5, within(1e-14));
        // x^3
        assertThat(SevenPoint.roots(1, 0, 0, 0, roots)).isEqualTo(1);
        assertThat(roots[0]).isZero();
        assertThat(SevenPoint.roots(0, 1, 0, -1, roots)).isZero();
    }
}
