package io.github.dinosplat.matching.keypoint;

import java.util.Arrays;

/** Orientations and RootSIFT descriptors of extrema (Lowe 2004, sections 5 and 6; Arandjelovic and Zisserman 2012). */
final class SiftDescriptor {

    /** Bins of the histogram of directions (Lowe 2004, section 5, as are the next four values). */
    private static final int BINS = 36;
    /** Standard deviation of the window from which directions are taken, over the keypoint's sigma. */
    private static final double WINDOW = 1.5;
    /** Where the window ends, in its standard deviations. */
    private static final float WINDOW_END = 3;
    /** Passes of a box of three bins over the histogram. */
    private static final int SMOOTHING_PASSES = 6;
    /** Height of a further direction's peak, as a share of the highest. */
    private static final float PEAK_SHARE = 0.8f;

    /** Cells of a descriptor along each side, directions in each (Lowe 2004, section 6.1, as is the limit below). */
    private static final int GRID = 4;

    private static final int DIRECTIONS = 8;
    /** Side of a grid cell in units of the keypoint's sigma. */
    private static final double CELL = 3;
    /** Greatest entry of a descriptor of length 1, so that a few large gradients do not outweigh the others. */
    private static final float MOST_OF_UNIT = 0.2f;

    private static final float TWO_PI = (float) (2 * Math.PI);
    /** exp(-i / 16) for i from 0 to 257. */
    private static final float[] EXP = new float[258];

    static {
        for (int i = 0; i < EXP.length; i++) {
            EXP[i] = (float) Math.exp(-i / 16.0);
        }
    }

    private final float[] histogram = new float[BINS];
    private final float[] smoothed = new float[BINS];
    /** One cell and one direction more on each side, so that the interpolation needs no bounds checks. */
    private final float[] cells = new float[(GRID + 2) * (GRID + 2) * (DIRECTIONS + 2)];

    /** exp(-x) for x of at least 0 by interpolation in a table; 0 from 16 on. */
    private static float exp(float x) {
        float at = 16 * x;
        int i = (int) at;
        if (i > 255) {
            return 0;
        }
        return EXP[i] + (at - i) * (EXP[i + 1] - EXP[i]);
    }

    /** The angle of (x, y) in [0, 2 pi), to 2e-5 radians: a polynomial for the arctangent of up to 1, and symmetry. */
    static float angle(float y, float x) {
        float ax = Math.abs(x);
        float ay = Math.abs(y);
        float high = Math.max(ax, ay);
        if (high == 0) {
            return 0;
        }
        float t = Math.min(ax, ay) / high;
        float s = t * t;
        float a = t
                * (0.99997726f
                        + s
                                * (-0.33262347f
                                        + s
                                                * (0.19354346f
                                                        + s * (-0.11643287f + s * (0.05265332f - s * 0.01172120f)))));
        if (ay > ax) {
            a = (float) (Math.PI / 2) - a;
        }
        if (x < 0) {
            a = (float) Math.PI - a;
        }
        if (y < 0) {
            a = TWO_PI - a;
        }
        return a >= TWO_PI ? 0 : a;
    }

    /**
     * The dominant gradient directions around an extremum.
     *
     * @param e the extremum
     * @param most most directions
     * @param out receives the angles in radians
     * @return how many there are
     */
    int orientations(Octave.Extremum e, int most, double[] out) {
        float[] plane = e.plane();
        int width = e.octave().width;
        int height = e.octave().height;
        float sigma = (float) (WINDOW * e.sigmaInSamples());
        int radius = Math.max(1, (int) (WINDOW_END * sigma));
        int cx = (int) Math.round(e.x());
        int cy = (int) Math.round(e.y());
        float inv = 1 / (2 * sigma * sigma);
        Arrays.fill(histogram, 0);
        int fromY = Math.max(1, cy - radius);
        int toY = Math.min(height - 2, cy + radius);
        int fromX = Math.max(1, cx - radius);
        int toX = Math.min(width - 2, cx + radius);
        for (int y = fromY; y <= toY; y++) {
            float dy = (float) (y - e.y());
            for (int x = fromX; x <= toX; x++) {
                float dx = (float) (x - e.x());
                float r2 = dx * dx + dy * dy;
                if (r2 > radius * radius + 0.6f) {
                    continue;
                }
                int i = y * width + x;
                float gx = plane[i + 1] - plane[i - 1];
                float gy = plane[i + width] - plane[i - width];
                float weight = exp(r2 * inv) * (float) Math.sqrt(gx * gx + gy * gy);
                float bin = angle(gy, gx) * (BINS / TWO_PI) - 0.5f;
                int low = (int) Math.floor(bin);
                float f = bin - low;
                histogram[(low + BINS) % BINS] += (1 - f) * weight;
                histogram[(low + 1) % BINS] += f * weight;
            }
        }
        smoothHistogram();
        return peaks(most, out);
    }

    private void smoothHistogram() {
        for (int pass = 0; pass < SMOOTHING_PASSES; pass++) {
            for (int b = 0; b < BINS; b++) {
                smoothed[b] = (histogram[(b + BINS - 1) % BINS] + histogram[b] + histogram[(b + 1) % BINS]) / 3;
            }
            System.arraycopy(smoothed, 0, histogram, 0, BINS);
        }
    }

    /** Puts the directions of the histogram's highest peaks into {@code out}, the highest first. */
    private int peaks(int most, double[] out) {
        float highest = 0;
        for (float h : histogram) {
            highest = Math.max(highest, h);
        }
        double[] heights = new double[most];
        int count = 0;
        for (int b = 0; b < BINS; b++) {
            float before = histogram[(b + BINS - 1) % BINS];
            float here = histogram[b];
            float after = histogram[(b + 1) % BINS];
            if (!(here > PEAK_SHARE * highest && here > before && here > after)) {
                continue;
            }
            double shift = -0.5 * (after - before) / (after + before - 2 * here);
            double angle = (b + shift + 0.5) * (2 * Math.PI / BINS);
            int at = count;
            while (at > 0 && heights[at - 1] < here) {
                at--;
            }
            if (at >= most) {
                continue;
            }
            int last = Math.min(count, most - 1);
            for (int k = last; k > at; k--) {
                heights[k] = heights[k - 1];
                out[k] = out[k - 1];
            }
            heights[at] = here;
            out[at] = angle < 0 ? angle + 2 * Math.PI : angle;
            count = Math.min(most, count + 1);
        }
        return count;
    }

    /**
     * The RootSIFT descriptor of an extremum.
     *
     * @param e the extremum
     * @param orientation its direction in radians
     * @param out receives 128 values of unit length
     * @param offset where they start
     */
    void describe(Octave.Extremum e, double orientation, float[] out, int offset) {
        float[] plane = e.plane();
        int width = e.octave().width;
        int height = e.octave().height;
        float cell = (float) (CELL * e.sigmaInSamples());
        int radius = (int) (Math.sqrt(2) * cell * (GRID + 1) / 2 + 0.5);
        int cx = (int) Math.round(e.x());
        int cy = (int) Math.round(e.y());
        float c = (float) (Math.cos(orientation) / cell);
        float s = (float) (Math.sin(orientation) / cell);
        float turned = (float) orientation;
        Arrays.fill(cells, 0);
        int fromY = Math.max(1, cy - radius);
        int toY = Math.min(height - 2, cy + radius);
        int fromX = Math.max(1, cx - radius);
        int toX = Math.min(width - 2, cx + radius);
        for (int y = fromY; y <= toY; y++) {
            float dy = (float) (y - e.y());
            for (int x = fromX; x <= toX; x++) {
                float dx = (float) (x - e.x());
                float u = c * dx + s * dy;
                float v = c * dy - s * dx;
                // Cell coordinates with one cell of margin: the grid's cells are 1 to 4.
                float cu = u + GRID / 2f + 0.5f;
                float cv = v + GRID / 2f + 0.5f;
                if (!(cu > 0 && cu < GRID + 1 && cv > 0 && cv < GRID + 1)) {
                    continue;
                }
                int i = y * width + x;
                float gx = plane[i + 1] - plane[i - 1];
                float gy = plane[i + width] - plane[i - width];
                float weight = exp((u * u + v * v) * (2f / (GRID * GRID))) * (float) Math.sqrt(gx * gx + gy * gy);
                float direction = angle(gy, gx) - turned;
                direction = (direction < 0 ? direction + TWO_PI : direction) * (DIRECTIONS / TWO_PI);
                int iu = (int) cu;
                int iv = (int) cv;
                int id = Math.min((int) direction, DIRECTIONS);
                spread(iu, iv, id, cu - iu, cv - iv, direction - id, weight);
            }
        }
        collect(out, offset);
    }

    private void spread(int iu, int iv, int id, float fu, float fv, float fd, float weight) {
        int at = ((iv * (GRID + 2)) + iu) * (DIRECTIONS + 2) + id;
        int nextU = DIRECTIONS + 2;
        int nextV = (GRID + 2) * (DIRECTIONS + 2);
        float w1 = weight * fv;
        float w0 = weight - w1;
        float w01 = w0 * fu;
        float w00 = w0 - w01;
        float w11 = w1 * fu;
        float w10 = w1 - w11;
        cells[at] += w00 * (1 - fd);
        cells[at + 1] += w00 * fd;
        cells[at + nextU] += w01 * (1 - fd);
        cells[at + nextU + 1] += w01 * fd;
        cells[at + nextV] += w10 * (1 - fd);
        cells[at + nextV + 1] += w10 * fd;
        cells[at + nextV + nextU] += w11 * (1 - fd);
        cells[at + nextV + nextU + 1] += w11 * fd;
    }

    private void collect(float[] out, int offset) {
        int k = offset;
        for (int v = 1; v <= GRID; v++) {
            for (int u = 1; u <= GRID; u++) {
                int at = (v * (GRID + 2) + u) * (DIRECTIONS + 2);
                for (int d = 0; d < DIRECTIONS; d++) {
                    float value = cells[at + d];
                    if (d < 2) {
                        value += cells[at + DIRECTIONS + d];
                    }
                    out[k++] = value;
                }
            }
        }
        rootSift(out, offset, offset + Keypoints.DESCRIPTOR_SIZE);
    }

    /** Lowe's normalisation, then the square roots of shares that sum to 1 (Arandjelovic and Zisserman 2012). */
    private static void rootSift(float[] out, int from, int to) {
        int size = to - from;
        normalise(out, from, to, length(out, from, to), 1 / Math.sqrt(size));
        for (int i = from; i < to; i++) {
            out[i] = Math.min(out[i], MOST_OF_UNIT);
        }
        normalise(out, from, to, sum(out, from, to), 1f / size);
        for (int i = from; i < to; i++) {
            out[i] = DescriptorCode.decode(DescriptorCode.encode((float) Math.sqrt(out[i])));
        }
    }

    private static double length(float[] a, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (double) a[i] * a[i];
        }
        return Math.sqrt(squares);
    }

    private static double sum(float[] a, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += a[i];
        }
        return sum;
    }

    /** Divides by a norm; where that is 0, all values become the same one. */
    private static void normalise(float[] a, int from, int to, double norm, double otherwise) {
        if (!(norm > 0)) {
            Arrays.fill(a, from, to, (float) otherwise);
            return;
        }
        float f = (float) (1 / norm);
        for (int i = from; i < to; i++) {
            a[i] *= f;
        }
    }
}
