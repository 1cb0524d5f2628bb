package io.github.dinosplat.splat.gpu;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many bytes a step moves and how much it computes, by stage, counted in the shaders: a model to hold measurements
 * against, not a measurement. Bytes are those of buffers, each read once by the group that needs it; what a cache saves or a
 * short access wastes is not in it. Blending is taken to compute an exponent for 35 of 100 pixels of a hit's tile, of which 20 count.
 *
 * @param colours how colours are kept
 * @param gaussians how many there are
 * @param visible how many meet a tile
 * @param hits tiles met in all
 * @param pixels of the picture
 * @param terms stages besides those of every step
 */
record CostModel(ColourStorage colours, long gaussians, long visible, long hits, long pixels, Terms terms) {

    /** What steps keep of each Gaussian, hit and pixel but for the sums of hits, as allocated in {@link Frame}. */
    private static final double WORK_BYTES = 104.4;

    private static final int HIT_BYTES = 20;
    private static final int PIXEL_BYTES = 88;

    /**
     * Stages besides those of every step.
     *
     * @param absolute whether absolute gradients are summed
     * @param channels of the features that are trained, with the terms of shape and normals; 0 for none of these
     */
    record Terms(boolean absolute, int channels) {

        static final Terms NONE = new Terms(false, 0);

        /** Reads {@code plain}, {@code absolute}, or a number of channels. */
        static Terms parse(String text) {
            return switch (text) {
                case "plain" -> NONE;
                case "absolute" -> new Terms(true, 0);
                default -> new Terms(false, Integer.parseInt(text));
            };
        }

        /** Sums of a hit. */
        int values() {
            return StepTerms.HIT_VALUES + (absolute ? 2 : 0) + channels;
        }

        /** How often a tile's hits are gone through for features. */
        int quads() {
            return (channels + 3) / 4;
        }

        /** Bytes a pixel of the terms of shape, normals and features, and of the colours' gradient that they add to. */
        int lossBytes() {
            return channels == 0 ? 0 : 56 + 24 + 12 * channels;
        }
    }

    /** A stage's bytes and operations by Gaussian, visible Gaussian, hit and pixel. */
    private record Stage(String label, double[] bytes, double[] operations) {}

    private List<Stage> stages() {
        double sh = 4.0 * colours.words();
        int sums = 4 * terms.values();
        int channels = terms.channels();
        int passes = (int) ((64 - Long.numberOfLeadingZeros(pixels / 256 + 1) + 3) / 4);
        return List.of(
                new Stage("project", of(52, 64 + sh, 0, 0), of(120, 400, 0, 0)),
                new Stage("depth sort", of(36, 236, 0, 0), of(0, 0, 0, 0)),
                new Stage("tile lists", of(0, 80, 16 + 20.0 * passes, 0), of(0, 60, 0, 0)),
                new Stage(
                        "blend",
                        of(0, 0, 72 * (1 + terms.quads()) + 4 * channels, 20 + 4 * channels),
                        of(0, 0, 256 * ((0.35 * 10 + 0.2 * 6) * (1 + terms.quads()) + 0.2 * (8 + 2 * channels)), 0)),
                new Stage("loss", of(0, 0, 0, 233 + terms.lossBytes()), of(0, 0, 0, 1300 + 10 * channels)),
                new Stage(
                        "blend backward",
                        of(0, 0, 72 + sums + 4 * channels, 40 + 8 * channels),
                        of(0, 0, 256 * (10 + 0.2 * (45 + (terms.absolute() ? 10 : 0) + 4 * channels)), 0)),
                new Stage("gather", of(8 + sums, 0, sums, 0), of(0, 0, terms.values(), 0)),
                new Stage(
                        "update",
                        of(268 + sums + 24 * channels + 6 * sh, 80, 0, 0),
                        of(700 + 12 * channels, 500, 0, 0)));
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

    /**
     * Prints the memory that a run of this size takes at most, in gigabytes: the state, what steps work in (Gaussians and
     * hits with a quarter to spare), photos up to their share of a card, and the part of which refinement has two.
     */
    void printMemory(double cardGigabytes) {
        System.out.printf(
                Locale.ROOT,
                "%-8s %8s %8s %8s %8s %8s %8s %8s   (GB)%n",
                "colours",
                "state",
                "work",
                "hits",
                "pixels",
                "photos",
                "refining",
                "sum");
        for (ColourStorage kept : ColourStorage.values()) {
            double state = 1e-9 * (kept.bytesPerGaussian() + 12 * terms.channels()) * gaussians;
            double work = 1.25e-9 * (WORK_BYTES + 4 * terms.values()) * gaussians;
            double ofHits = 1.25e-9 * (HIT_BYTES + 4 * terms.values()) * hits;
            double ofPixels = 1e-9 * (PIXEL_BYTES + (terms.channels() > 0 ? 8 : 0) + 8 * terms.channels()) * pixels;
            double photos = VulkanEngine.PHOTO_SHARE * cardGigabytes;
            double refining = 4e-9 * kept.words() * gaussians;
            System.out.printf(
                    Locale.ROOT,
                    "%-8s %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f%n",
                    kept == ColourStorage.BITS_16 ? "16 bits" : "32 bits",
                    state,
                    work,
                    ofHits,
                    ofPixels,
                    photos,
                    refining,
                    state + work + ofHits + ofPixels + photos + refining);
        }
    }

    /** Arguments: Gaussians, visible ones, hits, pixels, GB/s, TFLOP/s, the card's memory in GB; 16 for colours in 16 bits, else 32; terms. */
    public static void main(String[] args) {
        CostModel model = new CostModel(
                args[7].equals("16") ? ColourStorage.BITS_16 : ColourStorage.BITS_32,
                Long.parseLong(args[0]),
                Long.parseLong(args[1]),
                Long.parseLong(args[2]),
                Long.parseLong(args[3]),
                Terms.parse(args[8]));
        model.print(Double.parseDouble(args[4]), Double.parseDouble(args[5]), Map.of(), 1);
        model.printMemory(Double.parseDouble(args[6]));
    }
}
