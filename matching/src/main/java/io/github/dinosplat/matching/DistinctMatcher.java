package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Matches photos that have several keypoints at one place, as those of several views do: a match must stand out among the
 * keypoints elsewhere only (the first geometrically inconsistent neighbour of MODS, Mishkin et al. 2015, section 3.4), and
 * of the matches at one place the best is kept.
 */
final class DistinctMatcher {

    private static final int BLOCK_ROWS = 256;
    /** Keypoints nearer than this count as one place, as a share of the photo's long side. */
    private static final double SAME_PLACE = 0.008;

    private final MatrixProduct product;

    DistinctMatcher(MatrixProduct product) {
        this.product = product;
    }

    /** Places in two photos that match, most trusted first: pixels [n, 2], how alike they look (cosines of the descriptors), ratios, and what
     * takes steps in the first photo to steps in the second [n, 2, 2]. */
    record Places(double[] a, double[] b, float[] cosines, float[] ratios, double[] affine) {

        int count() {
            return cosines.length;
        }
    }

    /**
     * What keypoints are compared by: two are as alike as the dot product of their vectors, less what is held against each.
     *
     * @param vectors [n, size]
     * @param size length of a vector
     * @param handicaps [n] zero where nothing but the vectors counts
     */
    record Described(float[] vectors, int size, float[] handicaps) {

        static Described plain(float[] descriptors, int size) {
            return new Described(descriptors, size, new float[descriptors.length / size]);
        }
    }

    /** Matches full descriptors, with dense features where there are some. */
    Places match(
            SyntheticViews.Framed a,
            SyntheticViews.Framed b,
            Optional<PatchGuidance> guidance,
            double longSide,
            double ratio) {
        float[] inA = a.keypoints().descriptors();
        float[] inB = b.keypoints().descriptors();
        return match(a, inA, b, inB, Keypoints.DESCRIPTOR_SIZE, guidance, longSide, ratio);
    }

    /** Matches half-circle descriptors, which do not tell light on dark from dark on light. */
    Places matchHalf(
            SyntheticViews.Framed a,
            SyntheticViews.Framed b,
            Optional<PatchGuidance> guidance,
            double longSide,
            double ratio) {
        float[] half = HalfCircle.of(b.keypoints().descriptors());
        float[] both = Arrays.copyOf(half, 2 * half.length);
        System.arraycopy(HalfCircle.turned(half), 0, both, half.length, half.length);
        float[] halfA = HalfCircle.of(a.keypoints().descriptors());
        return match(a, halfA, twice(b), both, HalfCircle.SIZE, guidance, longSide, ratio);
    }

    private Places match(
            SyntheticViews.Framed a,
            float[] inA,
            SyntheticViews.Framed b,
            float[] inB,
            int size,
            Optional<PatchGuidance> guidance,
            double longSide,
            double ratio) {
        Described describedA = guidance.map(g -> g.first(inA, size)).orElseGet(() -> Described.plain(inA, size));
        Described describedB = guidance.map(g -> g.second(inB, size)).orElseGet(() -> Described.plain(inB, size));
        return match(a, describedA, b, describedB, longSide, ratio);
    }

    /** Every keypoint once as it is and once turned by half a circle; without descriptors. */
    private static SyntheticViews.Framed twice(SyntheticViews.Framed framed) {
        Keypoints k = framed.keypoints();
        int n = k.count();
        float[] x = new float[2 * n];
        float[] y = new float[2 * n];
        float[] scale = new float[2 * n];
        float[] frames = new float[8 * n];
        for (int i = 0; i < 2 * n; i++) {
            x[i] = (float) k.x(i % n);
            y[i] = (float) k.y(i % n);
            scale[i] = (float) k.scale(i % n);
            for (int e = 0; e < 4; e++) {
                frames[4 * i + e] = i < n ? framed.frames()[4 * i + e] : -framed.frames()[4 * (i - n) + e];
            }
        }
        return new SyntheticViews.Framed(
                new Keypoints(x, y, scale, new float[2 * n], new float[2 * n * Keypoints.DESCRIPTOR_SIZE]), frames);
    }

    private Places match(
            SyntheticViews.Framed framedA,
            Described inA,
            SyntheticViews.Framed framedB,
            Described inB,
            double longSide,
            double ratio) {
        Keypoints a = framedA.keypoints();
        Keypoints b = framedB.keypoints();
        double near2 = Math.pow(SAME_PLACE * longSide, 2);
        Nearest nearest = nearest(inA, a.count(), inB, b, near2);
        int[] best = nearest.best;
        long[] order = new long[a.count()];
        int candidates = 0;
        for (int i = 0; i < a.count() && b.count() > 0; i++) {
            if (nearest.ratio[i] < ratio && distance2(a, nearest.back[best[i]], i) <= near2) {
                order[candidates++] = ((long) (nearest.ratio[i] * Integer.MAX_VALUE) << 32) | i;
            }
        }
        Arrays.sort(order, 0, candidates);
        Builder builder = new Builder(Math.sqrt(near2) / 3);
        for (int k = 0; k < candidates; k++) {
            int i = (int) order[k];
            double[] affine = affine(framedA.frames(), i, framedB.frames(), best[i]);
            builder.add(a.x(i), a.y(i), b.x(best[i]), b.y(best[i]), nearest.cosine[i], nearest.ratio[i], affine, 0);
        }
        return builder.build();
    }

    private Nearest nearest(Described inA, int n, Described inB, Keypoints b, double near2) {
        int m = b.count();
        int dim = inA.size;
        Nearest nearest = new Nearest(n, m);
        float[] block = new float[BLOCK_ROWS * m];
        for (int from = 0; from < n; from += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, n - from);
            product.multiplyTransposed(inA.vectors, from, count, inB.vectors, 0, m, dim, block);
            for (int r = 0; r < count; r++) {
                int i = from + r;
                for (int j = 0; j < m; j++) {
                    block[r * m + j] -= inA.handicaps[i] + inB.handicaps[j];
                }
                nearest.take(i, block, r * m, b, near2);
            }
        }
        return nearest;
    }

    /** What is most alike in the other photo: for each keypoint of the first with its ratio, and back for those of the second. */
    private static final class Nearest {
        final int[] best;
        final float[] cosine;
        final float[] ratio;
        final int[] back;
        private final float[] backCosine;

        Nearest(int n, int m) {
            best = new int[n];
            cosine = new float[n];
            ratio = new float[n];
            back = new int[m];
            backCosine = new float[m];
            Arrays.fill(backCosine, -1);
        }

        /** Takes a keypoint's row of cosines with all keypoints of the second photo. */
        void take(int i, float[] cosines, int row, Keypoints b, double near2) {
            int m = back.length;
            int top = 0;
            for (int j = 0; j < m; j++) {
                float v = cosines[row + j];
                top = v > cosines[row + top] ? j : top;
                if (v > backCosine[j]) {
                    backCosine[j] = v;
                    back[j] = i;
                }
            }
            float second = -1;
            for (int j = 0; j < m; j++) {
                float v = cosines[row + j];
                if (v > second && distance2(b, j, top) > near2) {
                    second = v;
                }
            }
            best[i] = top;
            cosine[i] = m == 0 ? -1 : cosines[row + top];
            ratio[i] = (float) Math.sqrt(Math.max(0, 1 - cosine[i]) / Math.max(1e-9, 1 - second));
        }
    }

    /** B's frame times the inverse of A's. */
    private static double[] affine(float[] frameA, int i, float[] frameB, int j) {
        double a = frameA[4 * i];
        double b = frameA[4 * i + 1];
        double c = frameA[4 * i + 2];
        double d = frameA[4 * i + 3];
        double det = a * d - b * c;
        double e = frameB[4 * j];
        double f = frameB[4 * j + 1];
        double g = frameB[4 * j + 2];
        double h = frameB[4 * j + 3];
        return new double[] {(e * d - f * c) / det, (f * a - e * b) / det, (g * d - h * c) / det, (h * a - g * b) / det
        };
    }

    private static double distance2(Keypoints k, int i, int j) {
        double dx = k.x(i) - k.x(j);
        double dy = k.y(i) - k.y(j);
        return dx * dx + dy * dy;
    }

    /** Those of the matches that are asked for. */
    static Places select(Places p, int[] which) {
        Builder builder = new Builder(0);
        builder.cellless = true;
        for (int i : which) {
            builder.add(
                    p.a[2 * i], p.a[2 * i + 1], p.b[2 * i], p.b[2 * i + 1], p.cosines[i], p.ratios[i], p.affine, 4 * i);
        }
        return builder.build();
    }

    /** Two lists as one, most trusted first, each place once. */
    static Places merged(Places p, Places q, double longSide) {
        int n = p.count();
        int all = n + q.count();
        long[] order = new long[all];
        for (int k = 0; k < all; k++) {
            float ratio = k < n ? p.ratios[k] : q.ratios[k - n];
            order[k] = ((long) (ratio * Integer.MAX_VALUE) << 32) | k;
        }
        Arrays.sort(order);
        Builder builder = new Builder(SAME_PLACE * longSide / 3);
        for (long key : order) {
            int k = (int) key;
            Places from = k < n ? p : q;
            int i = k < n ? k : k - n;
            builder.add(
                    from.a[2 * i],
                    from.a[2 * i + 1],
                    from.b[2 * i],
                    from.b[2 * i + 1],
                    from.cosines[i],
                    from.ratios[i],
                    from.affine,
                    4 * i);
        }
        return builder.build();
    }

    /** Collects matches and leaves out those at places that have one. */
    private static final class Builder {
        private final double cell;
        boolean cellless;
        private final Map<Long, Boolean> takenA = new HashMap<>();
        private final Map<Long, Boolean> takenB = new HashMap<>();
        private double[] a = new double[256];
        private double[] b = new double[256];
        private float[] cosines = new float[128];
        private float[] ratios = new float[128];
        private double[] affine = new double[512];
        private int count;

        Builder(double cell) {
            this.cell = Math.max(1, cell);
        }

        void add(double xa, double ya, double xb, double yb, float cosine, float ratio, double[] steps, int offset) {
            long keyA = key(xa, ya);
            long keyB = key(xb, yb);
            if (!cellless && (takenA.containsKey(keyA) || takenB.containsKey(keyB))) {
                return;
            }
            takenA.put(keyA, true);
            takenB.put(keyB, true);
            if (count == cosines.length) {
                a = Arrays.copyOf(a, 4 * count);
                b = Arrays.copyOf(b, 4 * count);
                cosines = Arrays.copyOf(cosines, 2 * count);
                ratios = Arrays.copyOf(ratios, 2 * count);
                affine = Arrays.copyOf(affine, 8 * count);
            }
            a[2 * count] = xa;
            a[2 * count + 1] = ya;
            b[2 * count] = xb;
            b[2 * count + 1] = yb;
            System.arraycopy(steps, offset, affine, 4 * count, 4);
            cosines[count] = cosine;
            ratios[count++] = ratio;
        }

        private long key(double x, double y) {
            return ((long) (x / cell) << 32) | (long) (y / cell);
        }

        Places build() {
            return new Places(
                    Arrays.copyOf(a, 2 * count),
                    Arrays.copyOf(b, 2 * count),
                    Arrays.copyOf(cosines, count),
                    Arrays.copyOf(ratios, count),
                    Arrays.copyOf(affine, 4 * count));
        }
    }
}
