package io.github.dinosplat.splat.jvm;

import java.util.Arrays;

/**
 * Stable radix sort of the visible Gaussians by depth, nearest first; equal depths stay in index order. The order is
 * unique, so the number of parts does not show in the result.
 */
final class DepthOrder {

    private static final int BITS = 11;
    private static final int BUCKETS = 1 << BITS;

    /** Fewer Gaussians than this are sorted before a second thread would be there. */
    private static final int LEAST_PART = 2048;

    private int[] keys = new int[0];
    private int[] otherKeys = new int[0];
    private int[] other = new int[0];

    /** For each part how many of a digit there are, then where they go. */
    private int[][] buckets = new int[0][];

    /** Where each part's Gaussians begin in the order, and its hits. */
    private int[] partStart = new int[0];

    private long[] partHits = new long[0];

    /** Fills {@code frame.order}, {@code frame.visible}, {@code frame.slotStart} and {@code frame.hits}. */
    void run(Frame frame, int count, Workers workers) {
        int parts = Math.min(workers.threads(), 1 + count / LEAST_PART);
        reserve(count, parts);
        workers.forEach(
                parts, (part, worker) -> tally(frame, part, from(part, parts, count), from(part + 1, parts, count)));
        int visible = 0;
        long hits = 0;
        for (int part = 0; part < parts; part++) {
            visible += partStart[part];
            partStart[part] = visible - partStart[part];
            hits += partHits[part];
            partHits[part] = hits - partHits[part];
        }
        if (hits > Integer.MAX_VALUE) {
            throw new IllegalStateException("the picture needs " + hits + " tile hits, more than an array can hold");
        }
        frame.slotStart[count] = (int) hits;
        frame.visible = visible;
        frame.hits = (int) hits;
        workers.forEach(
                parts, (part, worker) -> collect(frame, part, from(part, parts, count), from(part + 1, parts, count)));
        pass(0, visible, parts, keys, frame.order, otherKeys, other, workers);
        pass(1, visible, parts, otherKeys, other, keys, frame.order, workers);
        pass(2, visible, parts, keys, frame.order, otherKeys, other, workers);
        int[] sorted = other;
        other = frame.order;
        frame.order = sorted;
    }

    private void reserve(int count, int parts) {
        if (keys.length < count) {
            keys = new int[count];
            otherKeys = new int[count];
        }
        if (other.length < count) {
            other = new int[count];
        }
        if (buckets.length < parts) {
            buckets = new int[parts][BUCKETS];
            partStart = new int[parts];
            partHits = new long[parts];
        }
    }

    /** Counts what is visible among Gaussians, and their hits. */
    private void tally(Frame frame, int part, int first, int end) {
        int visible = 0;
        long hits = 0;
        for (int i = first; i < end; i++) {
            hits += frame.hitCount[i];
            visible += -frame.hitCount[i] >>> 31;
        }
        partStart[part] = visible;
        partHits[part] = hits;
    }

    /** Lists the visible ones and their keys. */
    private void collect(Frame frame, int part, int first, int end) {
        int at = partStart[part];
        int hits = (int) partHits[part];
        for (int i = first; i < end; i++) {
            frame.slotStart[i] = hits;
            if (frame.hitCount[i] > 0) {
                hits += frame.hitCount[i];
                // Depths are positive, so their bits order as they do.
                keys[at] = Float.floatToRawIntBits(frame.depths[i]);
                frame.order[at++] = i;
            }
        }
    }

    private void pass(
            int digit, int count, int parts, int[] fromKeys, int[] from, int[] toKeys, int[] to, Workers workers) {
        int shift = digit * BITS;
        workers.forEach(parts, (part, worker) -> {
            int[] own = buckets[part];
            Arrays.fill(own, 0);
            for (int i = from(part, parts, count); i < from(part + 1, parts, count); i++) {
                own[fromKeys[i] >>> shift & BUCKETS - 1]++;
            }
        });
        int sum = 0;
        for (int b = 0; b < BUCKETS; b++) {
            for (int part = 0; part < parts; part++) {
                int size = buckets[part][b];
                buckets[part][b] = sum;
                sum += size;
            }
        }
        workers.forEach(parts, (part, worker) -> {
            int[] own = buckets[part];
            for (int i = from(part, parts, count); i < from(part + 1, parts, count); i++) {
                int at = own[fromKeys[i] >>> shift & BUCKETS - 1]++;
                toKeys[at] = fromKeys[i];
                to[at] = from[i];
            }
        });
    }

    /** Where a part of some items begins. */
    static int from(int part, int parts, int count) {
        return (int) ((long) count * part / parts);
    }
}
