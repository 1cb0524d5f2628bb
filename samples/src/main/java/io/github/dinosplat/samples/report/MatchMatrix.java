package io.github.dinosplat.samples.report;

import java.util.List;

/** Which photos were matched with which, as a matrix: the darker a cell, the more verified matches. */
final class MatchMatrix {

    private static final int SIZE = 620;
    private static final int MARGIN = 40;

    /**
     * Two matched photos.
     *
     * @param a index of one photo
     * @param b index of the other
     * @param inliers verified matches
     */
    record Pair(int a, int b, int inliers) {}

    private MatchMatrix() {}

    static String svg(List<String> names, List<Pair> pairs) {
        int n = names.size();
        double cell = (double) (SIZE - MARGIN) / Math.max(1, n);
        int most = pairs.stream().mapToInt(Pair::inliers).max().orElse(1);
        Html svg = new Html();
        svg.format(
                "<svg class=\"matrix\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Matches between photos\">",
                SIZE, SIZE);
        svg.format(
                "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%.1f\"/>",
                MARGIN, MARGIN, n * cell, n * cell);
        for (Pair pair : pairs) {
            // Square root: otherwise neighbours, with thousands of matches, hide every distant pair.
            double strength = 0.12 + 0.88 * Math.sqrt((double) pair.inliers / Math.max(1, most));
            for (int side = 0; side < 2; side++) {
                int column = side == 0 ? pair.a : pair.b;
                int row = side == 0 ? pair.b : pair.a;
                svg.format(
                        "<rect class=\"cell\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill-opacity=\"%.2f\"><title>%s – %s: %d</title></rect>",
                        MARGIN + column * cell,
                        MARGIN + row * cell,
                        cell * 0.96,
                        cell * 0.96,
                        strength,
                        names.get(pair.a),
                        names.get(pair.b),
                        pair.inliers);
            }
        }
        int step = Math.max(1, (int) Math.ceil(n / 20.0));
        for (int i = 0; i < n; i += step) {
            double middle = MARGIN + (i + 0.5) * cell;
            svg.format(
                    "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>",
                    MARGIN - 5, middle + 4, i + 1);
            svg.format(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                    middle, MARGIN - 7, i + 1);
        }
        return svg.raw("</svg>").toString();
    }
}
