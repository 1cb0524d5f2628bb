package io.github.dinosplat.samples.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A chart of one or more lines over a common axis, as SVG. */
final class LineChart {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 260;
    private static final int LEFT = 54;
    private static final int RIGHT = 24;
    private static final int TOP = 14;
    private static final int BOTTOM = 34;

    private record Line(String name, double[] x, double[] y) {}

    private final String xTitle;
    private final String yTitle;
    private final List<Line> lines = new ArrayList<>();

    LineChart(String xTitle, String yTitle) {
        this.xTitle = xTitle;
        this.yTitle = yTitle;
    }

    LineChart line(String name, double[] x, double[] y) {
        lines.add(new Line(name, x, y));
        return this;
    }

    String svg() {
        Range xs = range(Line::x, 0);
        Range ys = range(Line::y, 0.06);
        Html svg = new Html();
        svg.format("<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT, yTitle);
        double[] levels = ticks(ys.low, ys.high);
        for (double tick : levels) {
            double y = ys.place(tick, HEIGHT - BOTTOM, TOP);
            svg.format("<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, WIDTH - RIGHT, y, y);
            svg.format(
                    "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                    LEFT - 6, y + 4, label(tick, levels[1] - levels[0]));
        }
        double[] places = ticks(xs.low, xs.high);
        for (double tick : places) {
            double x = xs.place(tick, LEFT, WIDTH - RIGHT);
            svg.format(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x, HEIGHT - BOTTOM + 16, label(tick, places[1] - places[0]));
        }
        svg.format(
                "<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                WIDTH - RIGHT, HEIGHT - 3, xTitle);
        svg.format("<text class=\"tick\" x=\"%d\" y=\"%d\">%s</text>", LEFT + 6, TOP + 6, yTitle);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            StringBuilder path = new StringBuilder();
            for (int k = 0; k < line.x.length; k++) {
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        k == 0 ? "M" : "L",
                        xs.place(line.x[k], LEFT, WIDTH - RIGHT),
                        ys.place(line.y[k], HEIGHT - BOTTOM, TOP)));
            }
            svg.format("<path class=\"line l%d\" d=\"%s\"><title>%s</title></path>", i, path.toString(), line.name);
            if (lines.size() > 1) {
                svg.format(
                        "<text class=\"legend l%d\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                        i, WIDTH - RIGHT - 4, TOP + 10 + 16 * i, line.name);
            }
        }
        return svg.raw("</svg>").toString();
    }

    /** The values of an axis. */
    private record Range(double low, double high) {

        /** Where a value lies when {@code low} is drawn at one place and {@code high} at another. */
        double place(double value, double from, double to) {
            return from + (value - low) / (high - low) * (to - from);
        }
    }

    /** The range of all lines' values, wider by a share of it on either side. */
    private Range range(Function<Line, double[]> values, double margin) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Line line : lines) {
            for (double v : values.apply(line)) {
                low = Math.min(low, v);
                high = Math.max(high, v);
            }
        }
        if (!(high > low)) {
            return new Range(low - 1, low + 1);
        }
        double pad = margin * (high - low);
        return new Range(low - pad, high + pad);
    }

    /** About five round numbers between two bounds. */
    static double[] ticks(double low, double high) {
        double raw = (high - low) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double step =
                raw / power < 1.5 ? power : raw / power < 3.5 ? 2 * power : raw / power < 7.5 ? 5 * power : 10 * power;
        double first = Math.ceil(low / step) * step;
        int count = (int) Math.floor((high - first) / step + 1e-9) + 1;
        double[] ticks = new double[count];
        for (int i = 0; i < count; i++) {
            // No negative zero, which would show its sign.
            ticks[i] = first + i * step + 0.0;
        }
        return ticks;
    }

    /** A tick with as many decimals as tell it from the next one, a step further. */
    static String label(double tick, double step) {
        int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
        return String.format(Locale.ROOT, "%,." + decimals + "f", tick);
    }

    static String number(double value) {
        if (Math.abs(value) >= 1000 || Math.abs(value - Math.rint(value)) < 1e-9) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
