package io.github.dinosplat.splat.jvm;

/**
 * The row loops of the structural similarity (Wang et al. 2004) with an 11x11 Gaussian window of sigma 1.5. Plain loops
 * over rows, which the compiler turns into vector instructions.
 */
final class SsimRows {

    static final int RADIUS = 5;
    static final float C1 = 0.01f * 0.01f;
    static final float C2 = 0.03f * 0.03f;

    /** The window's weights from its centre outwards. */
    static final float[] WEIGHTS = weights();

    private static final float W0 = WEIGHTS[0];
    private static final float W1 = WEIGHTS[1];
    private static final float W2 = WEIGHTS[2];
    private static final float W3 = WEIGHTS[3];
    private static final float W4 = WEIGHTS[4];
    private static final float W5 = WEIGHTS[5];

    private SsimRows() {}

    private static float[] weights() {
        double[] w = new double[RADIUS + 1];
        double sum = 0;
        for (int i = 0; i <= RADIUS; i++) {
            w[i] = Math.exp(-i * i / (2 * 1.5 * 1.5));
            sum += i == 0 ? w[i] : 2 * w[i];
        }
        float[] result = new float[RADIUS + 1];
        for (int i = 0; i <= RADIUS; i++) {
            result[i] = (float) (w[i] / sum);
        }
        return result;
    }

    /** Blurs 11 rows of a plane into one; {@code at} is the start of the middle row. */
    static void vertical(float[] plane, int at, int stride, int width, float[] out) {
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

    /** Blurs 11 rows of the product of two planes into one. */
    static void verticalProduct(float[] p, float[] q, int at, int stride, int width, float[] out) {
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
            out[x] = W0 * (p[at + x] * q[at + x])
                    + W1 * (p[a1 + x] * q[a1 + x] + p[b1 + x] * q[b1 + x])
                    + W2 * (p[a2 + x] * q[a2 + x] + p[b2 + x] * q[b2 + x])
                    + W3 * (p[a3 + x] * q[a3 + x] + p[b3 + x] * q[b3 + x])
                    + W4 * (p[a4 + x] * q[a4 + x] + p[b4 + x] * q[b4 + x])
                    + W5 * (p[a5 + x] * q[a5 + x] + p[b5 + x] * q[b5 + x]);
        }
    }

    /** Blurs along a row: {@code out[x]} is centred at {@code row[x + 5]}. */
    static void horizontal(float[] row, int width, float[] out) {
        for (int x = 0; x < width; x++) {
            out[x] = W0 * row[x + 5]
                    + W1 * (row[x + 4] + row[x + 6])
                    + W2 * (row[x + 3] + row[x + 7])
                    + W3 * (row[x + 2] + row[x + 8])
                    + W4 * (row[x + 1] + row[x + 9])
                    + W5 * (row[x] + row[x + 10]);
        }
    }

    /**
     * Similarity and its derivatives by the blurred picture, the blurred square and the blurred product.
     *
     * @param mu1 blurred picture; receives the similarity
     * @param byMean receives derivatives from {@code at} on
     */
    static void similarity(
            float[] mu1,
            float[] mu2,
            float[] square1,
            float[] square2,
            float[] product,
            int width,
            float[] byMean,
            float[] bySquare,
            float[] byProduct,
            int at) {
        for (int x = 0; x < width; x++) {
            float m1 = mu1[x];
            float m2 = mu2[x];
            float m11 = m1 * m1;
            float m22 = m2 * m2;
            float m12 = m1 * m2;
            float a1 = 2 * m12 + C1;
            float a2 = 2 * (product[x] - m12) + C2;
            float b1 = m11 + m22 + C1;
            float b2 = square1[x] - m11 + (square2[x] - m22) + C2;
            float inverse = 1 / (b1 * b2);
            float ssim = a1 * a2 * inverse;
            byMean[at + x] = 2 * inverse * (m2 * (a2 - a1) - m1 * ssim * (b2 - b1));
            bySquare[at + x] = -ssim * b1 * inverse;
            byProduct[at + x] = 2 * a1 * inverse;
            mu1[x] = ssim;
        }
    }
}
