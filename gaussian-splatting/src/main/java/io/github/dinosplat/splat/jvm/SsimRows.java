package io.github.dinosplat.splat.jvm;

/**
 * The row loops of the structural similarity (Wang et al. 2004) with an 11x11 Gaussian window of sigma 1.5. Output arrays
 * are distinct from the inputs.
 */
abstract class SsimRows {

    static final int RADIUS = 5;
    static final float C1 = 0.01f * 0.01f;
    static final float C2 = 0.03f * 0.03f;

    private static final float[] WEIGHTS = weights();

    /** The window's weights from its centre outwards. */
    static final float W0 = WEIGHTS[0];

    static final float W1 = WEIGHTS[1];
    static final float W2 = WEIGHTS[2];
    static final float W3 = WEIGHTS[3];
    static final float W4 = WEIGHTS[4];
    static final float W5 = WEIGHTS[5];

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
    abstract void vertical(float[] plane, int at, int stride, int width, float[] out);

    /** Multiplies two planes from {@code at} on. */
    abstract void product(float[] p, float[] q, int at, int count, float[] out);

    /** Adds the squares of two planes likewise: their means are only ever asked for together. */
    abstract void squares(float[] p, float[] q, int at, int count, float[] out);

    /** Blurs along a row: {@code out[x]} is centred at {@code row[x + 5]}. */
    abstract void horizontal(float[] row, int width, float[] out);

    /**
     * Similarity and its derivatives by the blurred picture, the blurred square and the blurred product.
     *
     * @param moments blurred picture, photo, sum of their squares, product; the fifth row receives the similarity
     * @param derivatives planes by picture, square and product, filled from {@code at} on
     */
    abstract void similarity(float[][] moments, int width, float[][] derivatives, int at);

    /**
     * The gradient of a row from the blurred derivatives and the sign of the difference.
     *
     * @param blurred blurred derivatives; the fourth row receives the absolute differences
     */
    abstract void gradient(
            float[] picture,
            float[] photo,
            int at,
            int width,
            float[][] blurred,
            float bySimilarity,
            float byAbsolute,
            float[] gradient);

    /** Adds up a row, in an order that does not depend on the version. */
    static double sum(float[] row, int width) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int x = 0;
        for (; x + 3 < width; x += 4) {
            a += row[x];
            b += row[x + 1];
            c += row[x + 2];
            d += row[x + 3];
        }
        for (; x < width; x++) {
            a += row[x];
        }
        return (a + b) + (c + d);
    }
}
