package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Gaussians;
import java.util.Random;
import org.joml.Matrix3d;
import org.joml.Quaterniond;

/** Random splats in the ranges that files are made for, and how to compare them as what they look like. */
final class ManySplats {

    private ManySplats() {}

    static Gaussians random(long seed, int count, int degree) {
        Random random = new Random(seed);
        Gaussians g = Gaussians.zeros(count, degree);
        for (int i = 0; i < g.means().length; i++) {
            g.means()[i] = (float) (2 * random.nextGaussian());
            g.logScales()[i] = (float) (-3 + random.nextGaussian());
        }
        for (int i = 0; i < count; i++) {
            g.logitOpacities()[i] = (float) (2 * random.nextGaussian());
            for (int k = 0; k < 4; k++) {
                g.quaternions()[4 * i + k] = (float) random.nextGaussian();
            }
            for (int k = 0; k < 3 * (degree + 1) * (degree + 1); k++) {
                g.sh()[48 * i + k] = (float) ((k < 3 ? 0.8 : 0.25) * random.nextGaussian());
            }
        }
        return g;
    }

    /** Bounds of the greatest differences: positions, logarithms of scales, opacities, base colours, further SH, covariance. */
    record Bounds(double position, double logScale, double opacity, double dc, double sh, double rotation) {}

    /** Asserts that splats are alike one by one; rotations are compared by their matrices, as q and -q are the same. */
    static void assertAlike(Gaussians found, Gaussians expected, Bounds bounds) {
        assertThat(found.count()).isEqualTo(expected.count());
        assertThat(found.shDegree()).isEqualTo(expected.shDegree());
        for (int i = 0; i < expected.count(); i++) {
            for (int k = 0; k < 3; k++) {
                String what = "splat " + i + " axis " + k;
                assertThat(found.means()[3 * i + k])
                        .as(what)
                        .isCloseTo(expected.means()[3 * i + k], near(bounds.position));
                assertThat(found.logScales()[3 * i + k])
                        .as(what)
                        .isCloseTo(expected.logScales()[3 * i + k], near(bounds.logScale));
            }
            assertThat(SplatValues.opacity(found.logitOpacities()[i]))
                    .isCloseTo(SplatValues.opacity(expected.logitOpacities()[i]), within(bounds.opacity));
            for (int k = 0; k < 48; k++) {
                assertThat(found.sh()[48 * i + k])
                        .as("splat %d coefficient %d", i, k)
                        .isCloseTo(expected.sh()[48 * i + k], near(k < 3 ? bounds.dc : bounds.sh));
            }
            double[] a = rotation(found, i).get(new double[9]);
            double[] b = rotation(expected, i).get(new double[9]);
            assertThat(a).as("rotation of splat %d", i).containsExactly(b, within(bounds.rotation));
        }
    }

    private static org.assertj.core.data.Offset<Float> near(double bound) {
        return within((float) bound);
    }

    static Matrix3d rotation(Gaussians g, int i) {
        float[] q = g.quaternions();
        return new Quaterniond(q[4 * i + 1], q[4 * i + 2], q[4 * i + 3], q[4 * i])
                .normalize()
                .get(new Matrix3d());
    }
}
