package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.keypoint.AffineKeypoints;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.util.Arrays;
import java.util.Optional;

/**
 * Matches photos that have several keypoints at one place, as the keypoints of several synthetic views do. The ratio test
 * compares the nearest keypoint with the nearest one <em>elsewhere</em> in the photo (the first geometrically inconsistent
 * neighbour of MODS, Mishkin et al. 2015, section 3.4), and of several matches at one place the most trusted is kept.
 */
final class DistinctMatcher {

    private static final int BLOCK_ROWS = 256;
    /** Keypoints nearer than this count as one place, as a share of the photo's long side. */
    private static final double SAME_PLACE = 0.008;

    private final MatrixProduct product;
    private final double maxRatio;

    /**
     * A matcher.
     *
     * @param product compares vectors; stays the caller's to close
     * @param maxRatio greatest ratio of the distances to the nearest keypoint and to the nearest one elsewhere
     */
    DistinctMatcher(MatrixProduct product, double maxRatio) {
        this.product = product;
        this.maxRatio = maxRatio;
    }

    /**
     * What keypoints are compared by: two are as alike as the dot product of their vectors, less the handicap of each.
     *
     * @param vectors [n, size]
     * @param size length of a vector
     * @param handicaps [n] zero where nothing but the vectors counts
     */
    record Described(float[] vectors, int size, float[] handicaps) {

        /** Unit vectors that are compared by their cosines. */
        static Described plain(float[] descriptors, int size) {
            return new Described(descriptors, size, new float[descriptors.length / size]);
        }
    }

    /** The keypoints of one photo with what they are compared by. */
    private record Side(AffineKeypoints framed, Described described) {

        Keypoints keypoints() {
            return framed.keypoints();
        }
    }

    /**
     * Matches full descriptors.
     *
     * @param a keypoints of the first photo
     * @param b keypoints of the second photo
     * @param guidance what dense features say of these keypoints, where there are some
     * @param longSide the longest side of the two photos in pixels
     */
    PlaceMatches match(AffineKeypoints a, AffineKeypoints b, Optional<PatchGuidance> guidance, double longSide) {
        Described inA = Described.plain(a.keypoints().descriptors(), Keypoints.DESCRIPTOR_SIZE);
        Described inB = Described.plain(b.keypoints().descriptors(), Keypoints.DESCRIPTOR_SIZE);
        return match(new Side(a, inA), new Side(b, inB), guidance, longSide);
    }

    /** Matches half-SIFT descriptors ({@link HalfSift}), which do not tell light on dark from dark on light; else the same. */
    PlaceMatches matchHalf(AffineKeypoints a, AffineKeypoints b, Optional<PatchGuidance> guidance, double longSide) {
        float[] halfA = HalfSift.of(a.keypoints().descriptors());
        float[] halfB = HalfSift.of(b.keypoints().descriptors());
        float[] bothB = Arrays.copyOf(halfB, 2 * halfB.length);
        System.arraycopy(HalfSift.turned(halfB), 0, bothB, halfB.length, halfB.length);
        return match(
                new Side(a, Described.plain(halfA, HalfSift.SIZE)),
                new Side(b.withHalfTurns(), Described.plain(bothB, HalfSift.SIZE)),
                guidance,
                longSide);
    }

    /** Two lists of such matches as one, most trusted first, each place once. */
    static PlaceMatches merged(PlaceMatches p, PlaceMatches q, double longSide) {
        return PlaceMatches.merged(p, q, cell(longSide));
    }

    /** Side of the squares that hold one match each, in pixels: a third of what counts as one place. */
    private static double cell(double longSide) {
        return SAME_PLACE * longSide / 3;
    }

    private PlaceMatches match(Side plainA, Side plainB, Optional<PatchGuidance> guidance, double longSide) {
        Side a = guidance.map(g -> new Side(plainA.framed, g.first(plainA.described)))
                .orElse(plainA);
        Side b = guidance.map(g -> new Side(plainB.framed, g.second(plainB.described)))
                .orElse(plainB);
        double near2 = Math.pow(SAME_PLACE * longSide, 2);
        Nearest nearest = nearest(a, b, near2);
        int[] best = nearest.best;
        int n = a.keypoints().count();
        long[] order = new long[n];
        int candidates = 0;
        for (int i = 0; i < n && b.keypoints().count() > 0; i++) {
            if (nearest.ratio[i] < maxRatio && distance2(a.keypoints(), nearest.back[best[i]], i) <= near2) {
                order[candidates++] = PlaceMatches.trustKey(nearest.ratio[i], i);
            }
        }
        Arrays.sort(order, 0, candidates);
        PlaceMatches.Builder builder = new PlaceMatches.Builder(cell(longSide), candidates);
        for (int k = 0; k < candidates; k++) {
            int i = (int) order[k];
            int j = best[i];
            builder.add(
                    a.keypoints().x(i),
                    a.keypoints().y(i),
                    b.keypoints().x(j),
                    b.keypoints().y(j),
                    nearest.cosine[i],
                    nearest.ratio[i],
                    affine(a.framed.frames(), i, b.framed.frames(), j));
        }
        return builder.build();
    }

    private Nearest nearest(Side a, Side b, double near2) {
        int n = a.keypoints().count();
        int m = b.keypoints().count();
        Described inA = a.described;
        Described inB = b.described;
        Nearest nearest = new Nearest(n, m);
        float[] block = new float[BLOCK_ROWS * m];
        for (int from = 0; from < n; from += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, n - from);
            product.multiplyTransposed(inA.vectors, from, count, inB.vectors, 0, m, inA.size, block);
            for (int r = 0; r < count; r++) {
                int i = from + r;
                for (int j = 0; j < m; j++) {
                    block[r * m + j] -= inA.handicaps[i] + inB.handicaps[j];
                }
                nearest.take(i, block, r * m, b.keypoints(), near2);
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
}
