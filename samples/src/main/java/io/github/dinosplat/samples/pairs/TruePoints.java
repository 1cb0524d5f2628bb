package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.twoview.PhotoMatches;

/**
 * Points marked by hand in both photos; solved where the epipolar lines pass four fifths of them. Matches of a solved pair are
 * taken to be right, those of others to be wrong.
 *
 * @param a [n, 2] pixels of the first photo
 * @param b [n, 2] pixels of the second
 */
@SuppressWarnings("ArrayRecordComponent") // read here only
record TruePoints(double[] a, double[] b) implements Truth {

    private static final double SOLVED_SHARE = 0.8;

    @Override
    public Verdict judge(PhotoMatches found, double diagonal) {
        boolean solved = found.fundamental()
                .map(f -> Truth.onLines(a, b, f, Truth.RIGHT * diagonal) >= SOLVED_SHARE * a.length / 2)
                .orElse(false);
        return new Verdict(solved, solved ? found.count() : 0, 180);
    }
}
