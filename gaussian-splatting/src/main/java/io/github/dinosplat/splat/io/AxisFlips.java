package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;

/**
 * Turns axes of the world round, which is how files with another idea of up and ahead differ from ours. Doing it twice
 * changes nothing.
 *
 * @param x whether x changes its sign
 * @param y whether y changes its sign
 * @param z whether z changes its sign
 */
record AxisFlips(boolean x, boolean y, boolean z) {

    /** Between right-up-back (OpenGL, SPZ, glTF) and right-down-forward (COLMAP, PLY). */
    static final AxisFlips BETWEEN_RUB_AND_RDF = new AxisFlips(false, true, true);

    /**
     * The powers of x, y and z in each basis function of the spherical harmonics, modulo 2, as bits 1, 2 and 4: the
     * function changes its sign with an axis whose power is odd.
     */
    private static final int[] ODD_POWERS = {0, 2, 4, 1, 3, 6, 0, 5, 0, 2, 7, 2, 4, 1, 4, 1};

    boolean isNone() {
        return !x && !y && !z;
    }

    /** Sign of a coordinate: axis 0, 1 or 2. */
    int sign(int axis) {
        return (axis == 0 ? x : axis == 1 ? y : z) ? -1 : 1;
    }

    /** Sign of a component of a rotation as w, x, y, z: R becomes D R D, whose axis has the signs of a cross product. */
    int quaternionSign(int component) {
        return component == 0 ? 1 : sign(component % 3) * sign((component + 1) % 3);
    }

    /** Sign of a coefficient of spherical harmonics, 0 to 15. */
    int shSign(int coefficient) {
        int odd = ODD_POWERS[coefficient] & ((x ? 1 : 0) | (y ? 2 : 0) | (z ? 4 : 0));
        return Integer.bitCount(odd) % 2 == 0 ? 1 : -1;
    }

    /** Turns the axes in place. */
    void apply(Gaussians gaussians) {
        if (isNone()) {
            return;
        }
        multiply(gaussians.means(), 3, this::sign);
        multiply(gaussians.quaternions(), 4, this::quaternionSign);
        multiply(gaussians.sh(), 3 * Gaussians.SH_COEFFICIENTS, k -> shSign(k / 3));
    }

    private interface Sign {
        int of(int index);
    }

    private static void multiply(float[] values, int stride, Sign sign) {
        int[] signs = new int[stride];
        for (int k = 0; k < stride; k++) {
            signs[k] = sign.of(k);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] *= signs[i % stride];
        }
    }
}
