package io.github.dinosplat.matching.keypoint;

import java.util.List;

/**
 * One octave of the scale space (Lowe 2004, section 3): six smoothed planes, of which the middle three stay for the
 * descriptors, and the refined extrema of their differences.
 */
final class Octave {

    /** Scales for each octave. */
    static final int SCALES = 3;
    /** Smoothing of the first plane in samples of the octave. */
    static final double BASE_SIGMA = 1.6;

    private static final int PLANES = SCALES + 3;
    /** Samples at the border of a plane where no extrema are looked for. */
    private static final int BORDER = 4;
    /** Contrast of a sample that is worth refining, as a share of the least contrast of a keypoint. */
    private static final double ROUGH_CONTRAST = 0.8;
    /** An extremum farther than this from its sample is refined from the next one; most such moves. */
    private static final double NEARER = 0.6;

    private static final int MOST_MOVES = 4;
    /** An extremum farther than this from its last sample is given up. */
    private static final double FARTHEST = 1.5;

    final int width;
    final int height;
    /** Pixels of the full picture for each sample. */
    final double step;

    /** [PLANES]; those not needed any more are emptied by {@link #trim}. */
    private final float[][] planes = new float[PLANES][];

    Octave(float[] base, int width, int height, double step) {
        this.width = width;
        this.height = height;
        this.step = step;
        planes[0] = base;
        for (int s = 1; s < PLANES; s++) {
            planes[s] = new float[base.length];
            GaussianBlur.blur(
                    planes[s - 1], width, height, sigma(s) * Math.sqrt(1 - Math.pow(2, -2.0 / SCALES)), planes[s]);
        }
    }

    /** A place in scale space: samples of the octave, plane (fractional) and contrast. */
    record Extremum(Octave octave, double x, double y, double level, double contrast) {

        double sigmaInSamples() {
            return sigma(level);
        }

        /** The plane to take gradients from. */
        float[] plane() {
            return octave.planes[(int) Math.min(SCALES, Math.max(1, Math.round(level)))];
        }
    }

    static double sigma(double level) {
        return BASE_SIGMA * Math.pow(2, level / SCALES);
    }

    /** Every second sample of the plane with twice the base's smoothing: the base of the next octave. */
    float[] nextBase() {
        int w = width / 2;
        int h = height / 2;
        float[] out = new float[w * h];
        float[] source = planes[SCALES];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                out[y * w + x] = source[2 * y * width + 2 * x];
            }
        }
        return out;
    }

    /** Drops the planes that descriptors do not need. */
    void trim() {
        planes[0] = new float[0];
        planes[PLANES - 2] = new float[0];
        planes[PLANES - 1] = new float[0];
    }

    /**
     * Finds and refines the extrema of the differences of neighbouring planes.
     *
     * @param limits least contrast, greatest ratio of curvatures
     * @param out receives the extrema
     */
    void detect(KeypointOptions limits, List<Extremum> out) {
        int dogs = PLANES - 1;
        float[][][] rows = new float[3][dogs][width];
        for (int y = 0; y < Math.min(2, height); y++) {
            differences(y, rows[y]);
        }
        for (int y = 1; y < height - 1; y++) {
            differences(y + 1, rows[(y + 1) % 3]);
            if (y < BORDER || y >= height - BORDER) {
                continue;
            }
            Neighbourhood around = new Neighbourhood(rows[(y + 2) % 3], rows[y % 3], rows[(y + 1) % 3]);
            for (int d = 1; d <= SCALES; d++) {
                scan(around, d, y, limits, out);
            }
        }
    }

    private void differences(int y, float[][] out) {
        for (int d = 0; d < out.length; d++) {
            float[] low = planes[d];
            float[] high = planes[d + 1];
            float[] row = out[d];
            int o = y * width;
            for (int x = 0; x < width; x++) {
                row[x] = high[o + x] - low[o + x];
            }
        }
    }

    private void scan(Neighbourhood around, int d, int y, KeypointOptions limits, List<Extremum> out) {
        float threshold = (float) (ROUGH_CONTRAST * limits.minContrast());
        float[] row = around.here[d];
        for (int x = BORDER; x < width - BORDER; x++) {
            float v = row[x];
            if (v > threshold ? around.isMaximum(v, d, x) : v < -threshold && around.isMinimum(v, d, x)) {
                refine(x, y, d, limits, out);
            }
        }
    }

    /** Three rows of all differences, one below the other. */
    private record Neighbourhood(float[][] above, float[][] here, float[][] below) {

        /** Whether a value is greater than its 26 neighbours in space and scale. */
        boolean isMaximum(float v, int d, int x) {
            return v > here[d][x - 1]
                    && v > here[d][x + 1]
                    && exceeds(v, above[d], x)
                    && exceeds(v, below[d], x)
                    && exceeds(v, here[d - 1], x)
                    && exceeds(v, here[d + 1], x)
                    && exceeds(v, above[d - 1], x)
                    && exceeds(v, above[d + 1], x)
                    && exceeds(v, below[d - 1], x)
                    && exceeds(v, below[d + 1], x);
        }

        /** Whether a value is less than its 26 neighbours. */
        boolean isMinimum(float v, int d, int x) {
            return v < here[d][x - 1]
                    && v < here[d][x + 1]
                    && undercuts(v, above[d], x)
                    && undercuts(v, below[d], x)
                    && undercuts(v, here[d - 1], x)
                    && undercuts(v, here[d + 1], x)
                    && undercuts(v, above[d - 1], x)
                    && undercuts(v, above[d + 1], x)
                    && undercuts(v, below[d - 1], x)
                    && undercuts(v, below[d + 1], x);
        }

        private static boolean exceeds(float v, float[] row, int x) {
            return v > row[x - 1] && v > row[x] && v > row[x + 1];
        }

        private static boolean undercuts(float v, float[] row, int x) {
            return v < row[x - 1] && v < row[x] && v < row[x + 1];
        }
    }

    private double dog(int x, int y, int d) {
        int i = y * width + x;
        return planes[d + 1][i] - planes[d][i];
    }

    /** Moves from a sample to the extremum of the quadric there, sample by sample (Brown and Lowe 2002). */
    private void refine(int x, int y, int d, KeypointOptions limits, List<Extremum> out) {
        Quadric fit = new Quadric(x, y, d);
        for (int moves = 0; moves < MOST_MOVES && fit.isRegular() && (fit.moveX() != 0 || fit.moveY() != 0); moves++) {
            fit = new Quadric(fit.x + fit.moveX(), fit.y + fit.moveY(), d);
        }
        if (!fit.isRegular() || !(fit.contrast() > limits.minContrast()) || fit.isOnEdge(limits.maxEdgeRatio())) {
            return;
        }
        double level = d + fit.ds;
        double px = fit.x + fit.dx;
        double py = fit.y + fit.dy;
        if (fit.isNear() && px >= 0 && py >= 0 && px <= width - 1 && py <= height - 1 && level >= 0) {
            out.add(new Extremum(this, px, py, level, fit.contrast()));
        }
    }

    /** The quadric through a difference's sample with the gradient and the Hessian of its 26 neighbours. */
    private final class Quadric {
        final int x;
        final int y;
        private final double centre;
        private final double gx;
        private final double gy;
        private final double gs;
        private final double hxx;
        private final double hyy;
        private final double hxy;
        private final double det;
        /** Where the extremum is, from the sample. */
        final double dx;

        final double dy;
        final double ds;

        Quadric(int x, int y, int d) {
            this.x = x;
            this.y = y;
            centre = dog(x, y, d);
            gx = 0.5 * (dog(x + 1, y, d) - dog(x - 1, y, d));
            gy = 0.5 * (dog(x, y + 1, d) - dog(x, y - 1, d));
            gs = 0.5 * (dog(x, y, d + 1) - dog(x, y, d - 1));
            hxx = dog(x + 1, y, d) + dog(x - 1, y, d) - 2 * centre;
            hyy = dog(x, y + 1, d) + dog(x, y - 1, d) - 2 * centre;
            double hss = dog(x, y, d + 1) + dog(x, y, d - 1) - 2 * centre;
            hxy = 0.25 * (dog(x + 1, y + 1, d) - dog(x - 1, y + 1, d) - dog(x + 1, y - 1, d) + dog(x - 1, y - 1, d));
            double hxs =
                    0.25 * (dog(x + 1, y, d + 1) - dog(x - 1, y, d + 1) - dog(x + 1, y, d - 1) + dog(x - 1, y, d - 1));
            double hys =
                    0.25 * (dog(x, y + 1, d + 1) - dog(x, y - 1, d + 1) - dog(x, y + 1, d - 1) + dog(x, y - 1, d - 1));
            // Cramer's rule by the cofactors of the Hessian.
            double cxx = hyy * hss - hys * hys;
            double cxy = hxs * hys - hxy * hss;
            double cxs = hxy * hys - hyy * hxs;
            det = hxx * cxx + hxy * cxy + hxs * cxs;
            double cyy = hxx * hss - hxs * hxs;
            double cys = hxy * hxs - hxx * hys;
            double css = hxx * hyy - hxy * hxy;
            dx = -(cxx * gx + cxy * gy + cxs * gs) / det;
            dy = -(cxy * gx + cyy * gy + cys * gs) / det;
            ds = -(cxs * gx + cys * gy + css * gs) / det;
        }

        boolean isRegular() {
            return det != 0;
        }

        /** -1, 0 or 1 for the sample nearer to the extremum; 0 at the border of the octave. */
        int moveX() {
            return dx > NEARER && x < width - BORDER - 1 ? 1 : dx < -NEARER && x > BORDER ? -1 : 0;
        }

        int moveY() {
            return dy > NEARER && y < height - BORDER - 1 ? 1 : dy < -NEARER && y > BORDER ? -1 : 0;
        }

        double contrast() {
            return Math.abs(centre + 0.5 * (gx * dx + gy * dy + gs * ds));
        }

        /** Whether the ratio of the curvatures in the plane exceeds a limit (Lowe 2004, section 4.1). */
        boolean isOnEdge(double maxRatio) {
            double trace = hxx + hyy;
            double hessian = hxx * hyy - hxy * hxy;
            return !(hessian > 0) || trace * trace * maxRatio >= (maxRatio + 1) * (maxRatio + 1) * hessian;
        }

        /** Whether the extremum is where the quadric can be trusted. */
        boolean isNear() {
            return Math.abs(dx) < FARTHEST && Math.abs(dy) < FARTHEST && Math.abs(ds) < FARTHEST;
        }
    }
}
