package io.github.dinosplat.matching.twoview;

import java.util.Arrays;

/**
 * Keeps the matches that neighbouring matches confirm. The affine frames of a true match predict where its neighbours must lie
 * in the other photo, and true neighbours do lie there (the idea of AdaLAM, Cavalli et al. 2020). Wrong matches seldom confirm
 * each other, so a few true ones are found among hundreds of wrong ones.
 */
final class LocalSupport {

    /** Neighbours lie within this share of the photo's long side. */
    private static final double REACH = 0.2;
    /** A neighbour may lie off its predicted place by this share of its distance, for surfaces that are not flat ... */
    private static final double BEND = 0.25;
    /** ... plus this share of the photo's long side. */
    private static final double SLACK = 0.006;
    /** Affine maps of neighbours agree where they differ by at most this share of their size (Frobenius norms). */
    private static final double ALIKE = 0.7;

    private LocalSupport() {}

    /** Indices of the matches that at least so many others confirm. */
    static int[] confirmed(PlaceMatches p, double longSide, int least) {
        int n = p.count();
        double reach2 = Math.pow(REACH * longSide, 2);
        double slack = SLACK * longSide;
        int[] kept = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            int support = 0;
            for (int j = 0; j < n && support < least; j++) {
                support += j != i && confirms(p, i, j, reach2, slack) ? 1 : 0;
            }
            if (support >= least) {
                kept[count++] = i;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    private static boolean confirms(PlaceMatches p, int i, int j, double reach2, double slack) {
        double dx = p.a()[2 * j] - p.a()[2 * i];
        double dy = p.a()[2 * j + 1] - p.a()[2 * i + 1];
        // Neighbours that are the same structure seen again say nothing new.
        if (dx * dx + dy * dy > reach2 || dx * dx + dy * dy < 4 * slack * slack) {
            return false;
        }
        double[] m = p.affine();
        double ex = m[4 * i] * dx + m[4 * i + 1] * dy;
        double ey = m[4 * i + 2] * dx + m[4 * i + 3] * dy;
        double offX = p.b()[2 * j] - p.b()[2 * i] - ex;
        double offY = p.b()[2 * j + 1] - p.b()[2 * i + 1] - ey;
        if (Math.hypot(offX, offY) > BEND * Math.hypot(ex, ey) + slack) {
            return false;
        }
        double difference = 0;
        double size = 0;
        for (int e = 0; e < 4; e++) {
            double d = m[4 * i + e] - m[4 * j + e];
            difference += d * d;
            size += m[4 * i + e] * m[4 * i + e] + m[4 * j + e] * m[4 * j + e];
        }
        return difference <= ALIKE * ALIKE * size / 2;
    }
}
