package io.github.dinosplat.splat.jvm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops with vectors. The last vector of a row overlaps the one before it, so that no pixel needs other code; rows
 * shorter than a vector go the plain way.
 */
final class VectorSsimRows extends SsimRows {

    private static final VectorSpecies<Float> SPECIES = VectorTileBlender.SPECIES;
    private static final int LANES = SPECIES.length();

    private final SsimRows shortRows = new ScalarSsimRows();

    /** Where the vector after {@code x} begins; {@code width} after the last. */
    private static int next(int x, int width) {
        return x + LANES >= width ? width : Math.min(x + LANES, width - LANES);
    }

    @Override
    void vertical(float[] plane, int at, int stride, int width, float[] out) {
        if (width < LANES) {
            shortRows.vertical(plane, at, stride, width, out);
            return;
        }
        for (int x = 0; x < width; x = next(x, width)) {
            int p = at + x;
            FloatVector.fromArray(SPECIES, plane, p)
                    .mul(W0)
                    .add(FloatVector.fromArray(SPECIES, plane, p - 1 * stride)
                            .add(FloatVector.fromArray(SPECIES, plane, p + 1 * stride))
                            .mul(W1))
                    .add(FloatVector.fromArray(SPECIES, plane, p - 2 * stride)
                            .add(FloatVector.fromArray(SPECIES, plane, p + 2 * stride))
                            .mul(W2))
                    .add(FloatVector.fromArray(SPECIES, plane, p - 3 * stride)
                            .add(FloatVector.fromArray(SPECIES, plane, p + 3 * stride))
                            .mul(W3))
                    .add(FloatVector.fromArray(SPECIES, plane, p - 4 * stride)
                            .add(FloatVector.fromArray(SPECIES, plane, p + 4 * stride))
                            .mul(W4))
                    .add(FloatVector.fromArray(SPECIES, plane, p - 5 * stride)
                            .add(FloatVector.fromArray(SPECIES, plane, p + 5 * stride))
                            .mul(W5))
                    .intoArray(out, x);
        }
    }

    @Override
    void product(float[] p, float[] q, int at, int count, float[] out) {
        if (count < LANES) {
            shortRows.product(p, q, at, count, out);
            return;
        }
        for (int i = 0; i < count; i = next(i, count)) {
            FloatVector.fromArray(SPECIES, p, at + i)
                    .mul(FloatVector.fromArray(SPECIES, q, at + i))
                    .intoArray(out, i);
        }
    }

    @Override
    void squares(float[] p, float[] q, int at, int count, float[] out) {
        if (count < LANES) {
            shortRows.squares(p, q, at, count, out);
            return;
        }
        for (int i = 0; i < count; i = next(i, count)) {
            FloatVector a = FloatVector.fromArray(SPECIES, p, at + i);
            FloatVector b = FloatVector.fromArray(SPECIES, q, at + i);
            a.mul(a).add(b.mul(b)).intoArray(out, i);
        }
    }

    @Override
    void horizontal(float[] row, int width, float[] out) {
        if (width < LANES) {
            shortRows.horizontal(row, width, out);
            return;
        }
        for (int x = 0; x < width; x = next(x, width)) {
            FloatVector.fromArray(SPECIES, row, x + 5)
                    .mul(W0)
                    .add(FloatVector.fromArray(SPECIES, row, x + 4)
                            .add(FloatVector.fromArray(SPECIES, row, x + 6))
                            .mul(W1))
                    .add(FloatVector.fromArray(SPECIES, row, x + 3)
                            .add(FloatVector.fromArray(SPECIES, row, x + 7))
                            .mul(W2))
                    .add(FloatVector.fromArray(SPECIES, row, x + 2)
                            .add(FloatVector.fromArray(SPECIES, row, x + 8))
                            .mul(W3))
                    .add(FloatVector.fromArray(SPECIES, row, x + 1)
                            .add(FloatVector.fromArray(SPECIES, row, x + 9))
                            .mul(W4))
                    .add(FloatVector.fromArray(SPECIES, row, x + 0)
                            .add(FloatVector.fromArray(SPECIES, row, x + 10))
                            .mul(W5))
                    .intoArray(out, x);
        }
    }

    @Override
    void similarity(float[][] moments, int width, float[][] derivatives, int at) {
        if (width < LANES) {
            shortRows.similarity(moments, width, derivatives, at);
            return;
        }
        for (int x = 0; x < width; x = next(x, width)) {
            FloatVector m1 = FloatVector.fromArray(SPECIES, moments[0], x);
            FloatVector m2 = FloatVector.fromArray(SPECIES, moments[1], x);
            FloatVector m11 = m1.mul(m1);
            FloatVector m22 = m2.mul(m2);
            FloatVector m12 = m1.mul(m2);
            FloatVector a1 = m12.add(m12).add(C1);
            FloatVector covariance =
                    FloatVector.fromArray(SPECIES, moments[3], x).sub(m12);
            FloatVector a2 = covariance.add(covariance).add(C2);
            FloatVector b1 = m11.add(m22).add(C1);
            FloatVector b2 = FloatVector.fromArray(SPECIES, moments[2], x)
                    .sub(m11.add(m22))
                    .add(C2);
            FloatVector inverse = FloatVector.broadcast(SPECIES, 1).div(b1.mul(b2));
            FloatVector ssim = a1.mul(a2).mul(inverse);
            m2.mul(a2.sub(a1))
                    .sub(m1.mul(ssim).mul(b2.sub(b1)))
                    .mul(inverse)
                    .mul(2)
                    .intoArray(derivatives[0], at + x);
            ssim.mul(b1).mul(inverse).neg().intoArray(derivatives[1], at + x);
            a1.mul(inverse).mul(2).intoArray(derivatives[2], at + x);
            ssim.intoArray(moments[4], x);
        }
    }

    @Override
    void gradient(
            float[] picture,
            float[] photo,
            int at,
            int width,
            float[][] blurred,
            float bySimilarity,
            float byAbsolute,
            float[] gradient) {
        if (width < LANES) {
            shortRows.gradient(picture, photo, at, width, blurred, bySimilarity, byAbsolute, gradient);
            return;
        }
        for (int x = 0; x < width; x = next(x, width)) {
            FloatVector p = FloatVector.fromArray(SPECIES, picture, at + x);
            FloatVector q = FloatVector.fromArray(SPECIES, photo, at + x);
            FloatVector difference = p.sub(q);
            FloatVector zero = FloatVector.zero(SPECIES);
            zero.blend(byAbsolute, difference.compare(VectorOperators.GT, 0))
                    .blend(-byAbsolute, difference.compare(VectorOperators.LT, 0))
                    .add(FloatVector.fromArray(SPECIES, blurred[0], x)
                            .add(p.add(p).mul(FloatVector.fromArray(SPECIES, blurred[1], x)))
                            .add(q.mul(FloatVector.fromArray(SPECIES, blurred[2], x)))
                            .mul(bySimilarity))
                    .intoArray(gradient, at + x);
            difference.abs().intoArray(blurred[3], x);
        }
    }
}
