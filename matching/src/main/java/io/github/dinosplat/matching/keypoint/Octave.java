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
    private static final int BORDER = 4;

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

    /** Finds and refines the extrema whose contrast exceeds the limit and that do not lie on an edge. */
    void detect(double peak, double edge, List<Extremum> out) {
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
            for (int d = 1; d <= SCALES; d++) {
                scan(rows[(y + 2) % 3], rows[y % 3], rows[(y + 1) % 3], d, y, (float) (0.8 * peak), peak, edge, out);
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

    private void scan(
            float[][] above,
            float[][] here,
            float[][] below,
            int d,
            int y,
            float threshold,
            double peak,
            double edge,
            List<Extremum> out) {
        float[] row = here[d];
        for (int x = BORDER; x < width - BORDER; x++) {
            float v = row[x];
            boolean extremum;
            if (v > threshold) {
                extremum = v > row[x - 1]
                        && v > row[x + 1]
                        && greatest(v, above[d], x)
                        && greatest(v, below[d], x)
                        && greatest(v, here[d - 1], x)
                        && greatest(v, here[d + 1], x)
                        && greatest(v, above[d - 1], x)
                        && greatest(v, above[d + 1], x)
                        && greatest(v, below[d - 1], x)
                        && greatest(v, below[d + 1], x);
            } else if (v < -threshold) {
                extremum = v < row[x - 1]
                        && v < row[x + 1]
                        && least(v, above[d], x)
                        && least(v, below[d], x)
                        && least(v, here[d - 1], x)
                        && least(v, here[d + 1], x)
                        && least(v, above[d - 1], x)
                        && least(v, above[d + 1], x)
                        && least(v, below[d - 1], x)
                        && least(v, below[d + 1], x);
            } else {
                continue;
            }
            if (extremum) {
                refine(x, y, d, peak, edge, out);
            }
        }
    }

    private static boolean greatest(float v, float[] row, int x) {
        return v > row[x - 1] && v > row[x] && v > row[x + 1];
    }

    private static boolean least(float v, float[] row, int x) {
        return v < row[x - 1] && v < row[x] && v < row[x + 1];
    }

    private double dog(int x, int y, int d) {
        int i = y * width + x;
        return planes[d + 1][i] - planes[d][i];
    }

    /** Fits a quadric to the 27 neighbours and moves to its extremum (Brown and Lowe 2002). */
    private void refine(int x, int y, int d, double peak, double edge, List<Extremum> out) {
        double dx = 0;
        double dy = 0;
        double ds = 0;
        double gx = 0;
        double gy = 0;
        double gs = 0;
        double hxx = 0;
        double hyy = 0;
        double hxy = 0;
        double centre = 0;
        for (int iteration = 0; ; iteration++) {
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
            double cxx = hyy * hss - hys * hys;
            double cxy = hxs * hys - hxy * hss;
            double cxs = hxy * hys - hyy * hxs;
            double det = hxx * cxx + hxy * cxy + hxs * cxs;
            if (det == 0) {
                return;
            }
            double cyy = hxx * hss - hxs * hxs;
            double cys = hxy * hxs - hxx * hys;
            double css = hxx * hyy - hxy * hxy;
            dx = -(cxx * gx + cxy * gy + cxs * gs) / det;
            dy = -(cxy * gx + cyy * gy + cys * gs) / det;
            ds = -(cxs * gx + cys * gy + css * gs) / det;
            int mx = dx > 0.6 && x < width - BORDER - 1 ? 1 : dx < -0.6 && x > BORDER ? -1 : 0;
            int my = dy > 0.6 && y < height - BORDER - 1 ? 1 : dy < -0.6 && y > BORDER ? -1 : 0;
            if ((mx == 0 && my == 0) || iteration == 4) {
                break;
            }
            x += mx;
            y += my;
        }
        double contrast = Math.abs(centre + 0.5 * (gx * dx + gy * dy + gs * ds));
        double trace = hxx + hyy;
        double hessian = hxx * hyy - hxy * hxy;
        boolean onEdge = !(hessian > 0) || trace * trace * edge >= (edge + 1) * (edge + 1) * hessian;
        if (contrast > peak && !onEdge && Math.abs(dx) < 1.5 && Math.abs(dy) < 1.5 && Math.abs(ds) < 1.5) {
            double level = d + ds;
            double px = x + dx;
            double py = y + dy;
            if (px >= 0 && py >= 0 && px <= width - 1 && py <= height - 1 && level >= 0) {
                out.add(new Extremum(this, px, py, level, contrast));
            }
        }
    }
}
