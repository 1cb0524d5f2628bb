package io.github.dinosplat.matching.adjust;

import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Parallel loops whose division of the work does not depend on the number of threads, so that sums taken per chunk and
 * then over the chunks in order have the same bits everywhere.
 */
final class Chunks {

    private Chunks() {}

    /** A range of items. */
    interface Range {
        void accept(int chunk, int from, int to);
    }

    static int count(int items, int size) {
        return (items + size - 1) / size;
    }

    static void forEach(int items, int size, Range body) {
        run(count(items, size), c -> body.accept(c, c * size, Math.min(items, (c + 1) * size)));
    }

    static void run(int tasks, IntConsumer body) {
        if (tasks <= 1) {
            if (tasks == 1) {
                body.accept(0);
            }
            return;
        }
        IntStream.range(0, tasks).parallel().forEach(body);
    }
}
