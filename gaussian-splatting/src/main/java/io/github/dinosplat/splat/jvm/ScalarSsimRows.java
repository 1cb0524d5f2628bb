package io.github.dinosplat.splat.jvm;

/** The loops in plain Java. */
final class ScalarSsimRows extends SsimRows {

    @Override
    void vertical(float[] plane, int at, int stride, int width, float[] out) {
        int a1 = at - stride;
        int a2 = a1 - stride;
        int a3 = a2 - stride;
        int a4 = a3 - stride;
        int a5 = a4 - stride;
        int b1 = at + stride;
        int b2 = b1 + stride;
        int b3 = b2 + stride;
        int b4 = b3 + stride;
        int b5 = b4 + stride;
        for (int x = 0; x < width; x++) {
            out[x] = W0 * plane[at + x]
                    + W1 * (plane[a1 + x] + plane[b1 + x])
                    + W2 * (plane[a2 + x] + plane[b2 + x])
                    + W3 * (plane[a3 + x] + plane[b3 + x])
                    + W4 * (plane[a4 + x] + plane[b4 + x])
                    + W5 * (plane[a5 + x] + plane[b5 + x]);
        }
    }

    @Override
    void product(float[] p, float[] q, int at, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = p[at + i] * q[at + i];
        }
    }

    @Override
    void squares(float[] p, float[] q, int at, int count, float[] out) {
        for (int i = 0; i < count; i++) {
            out[i] = p[at + i] * p[at + i] + q[at + i] * q[at + i];
        }
    }

    @Override
    void horizontal(float[] row, int width, float[] out) {
        for (int x = 0; x < width; x++) {
            out[x] = W0 * row[x + 5]
                    + W1 * (row[x + 4] + row[x + 6])
                    + W2 * (row[x + 3] + row[x + 7])
                    + W3 * (row[x + 2] + row[x + 8])
                    + W4 * (row[x + 1] + row[x + 9])
                    + W5 * (row[x] + row[x + 10]);
        }
    }

    @Override
    void similarity(float[][] moments, int width, float[][] derivatives, int at) {
        float[] byMean = derivatives[0];
        float[] bySquare = derivatives[1];
        float[] byProduct = derivatives[2];
        for (int x = 0; x < width; x++) {
            float m1 = moments[0][x];
            float m2 = moments[1][x];
            float m11 = m1 * m1;
            float m22 = m2 * m2;
            float m12 = m1 * m2;
            float a1 = 2 * m12 + C1;
            float a2 = 2 * (moments[3][x] - m12) + C2;
            float b1 = m11 + m22 + C1;
            float b2 = moments[2][x] - (m11 + m22) + C2;
            float inverse = 1 / (b1 * b2);
            float ssim = a1 * a2 * inverse;
            byMean[at + x] = 2 * inverse * (m2 * (a2 - a1) - m1 * ssim * (b2 - b1));
            bySquare[at + x] = -ssim * b1 * inverse;
            byProduct[at + x] = 2 * a1 * inverse;
            moments[4][x] = ssim;
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
        for (int x = 0; x < width; x++) {
            float p = picture[at + x];
            float q = photo[at + x];
            float difference = p - q;
            float structure = blurred[0][x] + 2 * p * blurred[1][x] + q * blurred[2][x];
            gradient[at + x] = bySimilarity * structure + byAbsolute * Math.signum(difference);
            blurred[3][x] = Math.abs(difference);
        }
    }
}
