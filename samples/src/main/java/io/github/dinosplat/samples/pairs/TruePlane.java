package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.twoview.PhotoMatches;

/**
 * A plane that fills both photos; solved by at least 15 matches of which half are right.
 *
 * @param bFromA nine numbers row by row: the homography from pixels of the first photo to pixels of the second
 */
@SuppressWarnings("ArrayRecordComponent") // read here only
record TruePlane(double[] bFromA) implements Truth {

    private static final int LEAST_MATCHES = 15;
    private static final double SOLVED_SHARE = 0.5;

    @Override
    public Verdict judge(PhotoMatches found, double diagonal) {
        double[] a = found.pixelsA();
        double[] b = found.pixelsB();
        int right = 0;
        for (int i = 0; i < a.length; i += 2) {
            double z = bFromA[6] * a[i] + bFromA[7] * a[i + 1] + bFromA[8];
            double x = (bFromA[0] * a[i] + bFromA[1] * a[i + 1] + bFromA[2]) / z;
            double y = (bFromA[3] * a[i] + bFromA[4] * a[i + 1] + bFromA[5]) / z;
            right += Math.hypot(x - b[i], y - b[i + 1]) < Truth.RIGHT * diagonal ? 1 : 0;
        }
        boolean solved = found.count() >= LEAST_MATCHES && right >= SOLVED_SHARE * found.count();
        return new Verdict(solved, right, 180);
    }
}
