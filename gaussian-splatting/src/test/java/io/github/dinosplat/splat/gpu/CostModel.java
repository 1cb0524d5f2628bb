package io.github.dinosplat.splat.gpu;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many bytes a step moves and how much it computes, by stage, counted in the shaders: a model to hold measurements
 * against, not a measurement. Bytes are those of buffers, each read once by the group that needs it; what a cache saves or a
 * short access wastes is not in it. Blending is taken to compute an exponent for 35 of 100 pixels of a hit's tile, of which 20 count.
 *
 * @param gaussians how many there are
 * @param visible how many meet a tile
 * @param hits tiles met in all
 * @param pixels of the picture
 */
record CostModel(long gaussians, long visible, long hits, long pixels) {

    /** A stage's bytes and operations by Gaussian, visible Gaussian, hit and pixel. */
    private record Stage(String label, double[] bytes, double[] operations) {}

    private List<Stage> stages() {
        int passes = (int) ((64 - Long.numberOfLeadingZeros(pixels / 256 + 1) + 3) / 4);
        return List.of(
                new Stage("project", of(52, 256, 0, 0), of(120, 400, 0, 0)),
                new Stage("depth sort", of(36, 236, 0, 0), of(0, 0, 0, 0)),
                new Stage("tile lists", of(0, 80, 16 + 20.0 * passes, 0), of(0, 60, 0, 0)),
                new Stage("blend", of(0, 0, 72, 20), of(0, 0, 256 * (0.35 * 10 + 0.2 * 14), 0)),
                new Stage("loss", of(0, 0, 0, 225), of(0, 0, 0, 1300)),
                new Stage("blend backward", of(0, 0, 112, 40), of(0, 0, 256 * (10 + 0.2 * 45), 0)),
                new Stage("gather", of(48, 0, 40, 0), of(0, 0, 10, 0)),
                new Stage("update", of(1460, 80, 0, 0), of(700, 500, 0, 0)));
    }

    private static double[] of(double... values) {
        return values;
    }

    private double total(double[] by) {
        return by[0] * gaussians + by[1] * visible + by[2] * hits + by[3] * pixels;
    }

    /** Prints a line a stage: bytes, operations, least time by either on a card, and the measured time. */
    void print(double gigabytesPerSecond, double teraflops, Map<String, Long> nanos, int steps) {
        System.out.printf(Locale.ROOT, "%-15s %9s %9s %12s %12s%n", "stage", "MB", "GFLOP", "model ms", "measured ms");
        double sumOfBytes = 0;
        double sumOfOperations = 0;
        double sumOfModel = 0;
        double sumOfMeasured = 0;
        for (Stage stage : stages()) {
            double bytes = total(stage.bytes());
            double operations = total(stage.operations());
            double model = Math.max(bytes / gigabytesPerSecond / 1e6, operations / teraflops / 1e9);
            double measured = nanos.getOrDefault(stage.label(), 0L) / 1e6 / Math.max(1, steps);
            line(stage.label(), bytes, operations, model, measured);
            sumOfBytes += bytes;
            sumOfOperations += operations;
            sumOfModel += model;
            sumOfMeasured += measured;
        }
        line("sum", sumOfBytes, sumOfOperations, sumOfModel, sumOfMeasured);
    }

    private static void line(String label, double bytes, double operations, double model, double measured) {
        System.out.printf(
                Locale.ROOT,
                "%-15s %9.1f %9.2f %12.3f %12.3f%n",
                label,
                bytes / 1e6,
                operations / 1e9,
                model,
                measured);
    }

    /** Arguments: Gaussians, visible ones, hits, pixels, GB/s, TFLOP/s. */
    public static void main(String[] args) {
        new CostModel(
                        Long.parseLong(args[0]),
                        Long.parseLong(args[1]),
                        Long.parseLong(args[2]),
                        Long.parseLong(args[3]))
                .print(Double.parseDouble(args[4]), Double.parseDouble(args[5]), Map.of(), 1);
    }
}
