package io.github.dinosplat.matching;

/**
 * Matches keypoints with those near their epipolar line only. The band holds about a hundredth of all keypoints, so standing
 * out among them says little: a match must also be near in itself and turn and grow as the known matches do. Without these
 * two conditions unrelated photos with 8000 keypoints gave 40 matches along arbitrary lines, with them 6, at the price of
 * 4 % of the true ones (fountain-P11).
 */
final class GuidedMatcher {

    /** Half width of the band in pixels, in units of the threshold. */
    private static final double BAND = 0.75;
    /** Least cosine of two matching RootSIFT descriptors. */
    private static final float MIN_COSINE = 0.92f;

    private static final double CELL = 16;

    private final MatchablePhoto a;
    private final MatchablePhoto b;
    private final double[] f;
    private final double band;
    private final KeypointMotion motion;

    /**
     * A matcher.
     *
     * @param motion of matches that agree with the geometry
     * @param f xB' F xA = 0 in pixels without distortion
     */
    GuidedMatcher(MatchablePhoto a, MatchablePhoto b, KeypointMotion motion, double[] f, double thresholdPixels) {
        this.a = a;
        this.b = b;
        this.f = f;
        this.motion = motion;
        band = BAND * thresholdPixels;
    }

    DescriptorMatcher.Matches match(double ratio) {
        Grid grid = new Grid(b.straight());
        DescriptorMatcher.Nearest inB =
                new DescriptorMatcher.Nearest(a.keypoints().count());
        DescriptorMatcher.Nearest inA =
                new DescriptorMatcher.Nearest(b.keypoints().count());
        for (int i = 0; i < a.keypoints().count(); i++) {
            along(i, grid, inB, inA);
        }
        return DescriptorMatcher.mutual(inB, inA, ratio);
    }

    private void along(int i, Grid grid, DescriptorMatcher.Nearest inB, DescriptorMatcher.Nearest inA) {
        double x = a.straight()[2 * i];
        double y = a.straight()[2 * i + 1];
        double lx = f[0] * x + f[1] * y + f[2];
        double ly = f[3] * x + f[4] * y + f[5];
        double lz = f[6] * x + f[7] * y + f[8];
        double norm = Math.hypot(lx, ly);
        if (!(norm > 0)) {
            return;
        }
        lx /= norm;
        ly /= norm;
        lz /= norm;
        boolean steep = Math.abs(lx) > Math.abs(ly);
        int lanes = steep ? grid.rows : grid.columns;
        for (int lane = 0; lane < lanes; lane++) {
            // The part of the line within this row (or column) of cells, widened by the band.
            double from = grid.origin(steep) + lane * CELL;
            double p = steep ? -(ly * from + lz) / lx : -(lx * from + lz) / ly;
            double q = steep ? -(ly * (from + CELL) + lz) / lx : -(lx * (from + CELL) + lz) / ly;
            double reach = 1.5 * band;
            int low = grid.cell(Math.min(p, q) - reach, !steep);
            int high = grid.cell(Math.max(p, q) + reach, !steep);
            int most = (steep ? grid.columns : grid.rows) - 1;
            for (int c = Math.max(0, low); c <= Math.min(most, high); c++) {
                int cell = steep ? lane * grid.columns + c : c * grid.columns + lane;
                for (int k = grid.start[cell]; k < grid.start[cell + 1]; k++) {
                    int j = grid.index[k];
                    double distance = lx * b.straight()[2 * j] + ly * b.straight()[2 * j + 1] + lz;
                    if (Math.abs(distance) <= band) {
                        compare(i, j, inB, inA);
                    }
                }
            }
        }
    }

    private void compare(int i, int j, DescriptorMatcher.Nearest inB, DescriptorMatcher.Nearest inA) {
        float v = dot(a.keypoints().descriptors(), i, b.keypoints().descriptors(), j);
        if (v > inB.best[i] || v > inA.best[j]) {
            // One that turned otherwise is no match, but still says that the next best is not outstanding.
            boolean match = v >= MIN_COSINE && motion.allows(a.keypoints(), i, b.keypoints(), j);
            offer(inB, i, match ? j : -1, v);
            offer(inA, j, match ? i : -1, v);
        } else {
            offer(inB, i, -1, v);
            offer(inA, j, -1, v);
        }
    }

    private static void offer(DescriptorMatcher.Nearest nearest, int i, int j, float v) {
        if (v > nearest.best[i]) {
            nearest.second[i] = nearest.best[i];
            nearest.best[i] = v;
            nearest.index[i] = j;
        } else if (v > nearest.second[i]) {
            nearest.second[i] = v;
        }
    }

    private static float dot(float[] a, int i, float[] b, int j) {
        int p = i * Keypoints.DESCRIPTOR_SIZE;
        int q = j * Keypoints.DESCRIPTOR_SIZE;
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int k = 0; k < Keypoints.DESCRIPTOR_SIZE; k += 4) {
            s0 += a[p + k] * b[q + k];
            s1 += a[p + k + 1] * b[q + k + 1];
            s2 += a[p + k + 2] * b[q + k + 2];
            s3 += a[p + k + 3] * b[q + k + 3];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Keypoints by square cells. */
    private static final class Grid {
        final double minX;
        final double minY;
        final int columns;
        final int rows;
        final int[] start;
        final int[] index;

        Grid(double[] points) {
            double loX = Double.POSITIVE_INFINITY;
            double loY = Double.POSITIVE_INFINITY;
            double hiX = Double.NEGATIVE_INFINITY;
            double hiY = Double.NEGATIVE_INFINITY;
            int n = points.length / 2;
            for (int i = 0; i < n; i++) {
                loX = Math.min(loX, points[2 * i]);
                hiX = Math.max(hiX, points[2 * i]);
                loY = Math.min(loY, points[2 * i + 1]);
                hiY = Math.max(hiY, points[2 * i + 1]);
            }
            minX = loX;
            minY = loY;
            columns = n == 0 ? 0 : (int) ((hiX - loX) / CELL) + 1;
            rows = n == 0 ? 0 : (int) ((hiY - loY) / CELL) + 1;
            start = new int[columns * rows + 1];
            int[] cells = new int[n];
            for (int i = 0; i < n; i++) {
                cells[i] = (int) ((points[2 * i + 1] - minY) / CELL) * columns + (int) ((points[2 * i] - minX) / CELL);
                start[cells[i] + 1]++;
            }
            for (int c = 0; c < columns * rows; c++) {
                start[c + 1] += start[c];
            }
            int[] next = start.clone();
            index = new int[n];
            for (int i = 0; i < n; i++) {
                index[next[cells[i]]++] = i;
            }
        }

        /** Where the rows (or columns) of cells begin. */
        double origin(boolean ofRows) {
            return ofRows ? minY : minX;
        }

        /** The row (or column) of cells at a position. */
        int cell(double position, boolean ofRows) {
            double c = Math.floor((position - (ofRows ? minY : minX)) / CELL);
            return (int) Math.max(-1, Math.min(1 << 24, c));
        }
    }
}
