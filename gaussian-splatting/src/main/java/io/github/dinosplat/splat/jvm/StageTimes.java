package io.github.dinosplat.splat.jvm;

/** Wall time spent in each stage since the last reset; with one thread on a quiet machine also its processor time. */
final class StageTimes {

    static final int PROJECT = 0;
    static final int SORT = 1;
    static final int TILES = 2;
    static final int BLEND = 3;
    static final int LOSS = 4;
    static final int BLEND_BACKWARD = 5;
    static final int UPDATE = 6;

    private static final String[] NAMES = {"project", "sort", "tiles", "blend", "loss", "blend backward", "update"};

    private final long[] nanos = new long[NAMES.length];
    private long started;

    void begin() {
        started = System.nanoTime();
    }

    void end(int stage) {
        nanos[stage] += System.nanoTime() - started;
    }

    void reset() {
        java.util.Arrays.fill(nanos, 0);
    }

    /** Milliseconds of each stage, divided by a number of steps. */
    String report(int steps) {
        StringBuilder text = new StringBuilder();
        long sum = 0;
        for (int i = 0; i < NAMES.length; i++) {
            text.append(String.format(java.util.Locale.ROOT, "%s %.1f, ", NAMES[i], nanos[i] / 1e6 / steps));
            sum += nanos[i];
        }
        return text.append(String.format(java.util.Locale.ROOT, "sum %.1f ms", sum / 1e6 / steps))
                .toString();
    }
}
