package io.github.dinosplat.samples.ablation;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Finished runs as tables in Markdown: a row for each variant, means over the seeds with their spread. */
final class Table {

    private final ResultFile results;
    private final List<Column> columns;
    private final List<Variant> variants;
    private final int seeds;

    /**
     * A column.
     *
     * @param title its head
     * @param sets what is averaged in it: titles as in {@link Variant#run}
     */
    record Column(String title, List<String> sets) {}

    Table(ResultFile results, List<Column> columns, List<Variant> variants, int seeds) {
        this.results = results;
        this.columns = columns;
        this.variants = variants;
        this.seeds = seeds;
    }

    /** Three tables: PSNR, SSIM, depth error. */
    String text() {
        StringBuilder text = new StringBuilder();
        append(text, "PSNR, dB", "%.2f", HeldOutScores::psnr);
        append(text, "SSIM", "%.3f", HeldOutScores::ssim);
        append(text, "depth error", "%.3f", HeldOutScores::depth);
        return text.toString();
    }

    private void append(StringBuilder text, String title, String format, ToDoubleFunction<HeldOutScores> measure) {
        text.append("| ").append(title).append(" |");
        columns.forEach(c -> text.append(' ').append(c.title()).append(" |"));
        text.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (Variant variant : variants) {
            text.append("| ").append(variant.name()).append(" |");
            for (Column column : columns) {
                double[] values = values(column, variant, measure);
                text.append(String.format(
                        Locale.ROOT, " " + format + " ± " + format + " |", mean(values), deviation(values)));
            }
            text.append('\n');
        }
        text.append('\n');
    }

    /** For each seed the mean over a column's sets; NaN where a run is missing. */
    private double[] values(Column column, Variant variant, ToDoubleFunction<HeldOutScores> measure) {
        double[] values = new double[seeds];
        for (int seed = 0; seed < seeds; seed++) {
            for (String set : column.sets()) {
                values[seed] += results.of(variant.run(set, seed))
                                .map(HeldOutScores::parse)
                                .map(measure::applyAsDouble)
                                .orElse(Double.NaN)
                        / column.sets().size();
            }
        }
        return values;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum / values.length;
    }

    /** Of a sample, so over one less than its size. */
    private static double deviation(double[] values) {
        double mean = mean(values);
        double sum = 0;
        for (double v : values) {
            sum += (v - mean) * (v - mean);
        }
        return Math.sqrt(sum / Math.max(1, values.length - 1));
    }
}
