package io.github.dinosplat.splat.jvm;

import java.util.Arrays;

/**
 * Makes the list of every tile, nearest Gaussian first: a stable counting sort by tile over the depth order. The order is
 * unique, so the number of parts does not show in the result.
 */
final class TileLists {

    /** Parts for each thread: near Gaussians meet more tiles than far ones. */
    private static final int PARTS = 4;

    private int[] starts = new int[0];

    void run(Frame frame, Projection view, Workers workers) {
        int tiles = view.tiles();
        frame.reserveHits(frame.hits);
        int parts = workers.threads() == 1 ? 1 : PARTS * workers.threads();
        if (starts.length < parts * tiles) {
            starts = new int[parts * tiles];
        }
        int visible = frame.visible;
        workers.forEach(parts, (part, worker) -> {
            int base = part * tiles;
            Arrays.fill(starts, base, base + tiles, 0);
            int end = DepthOrder.from(part + 1, parts, visible);
            for (int r = DepthOrder.from(part, parts, visible); r < end; r++) {
                int i = frame.order[r];
                int[] met = frame.tilesOf(i);
                int first = frame.firstTileOf(i);
                for (int k = first; k < first + frame.hitCount[i]; k++) {
                    starts[base + met[k]]++;
                }
            }
        });
        int sum = 0;
        for (int tile = 0; tile < tiles; tile++) {
            frame.tileStart[tile] = sum;
            for (int part = 0; part < parts; part++) {
                int size = starts[part * tiles + tile];
                starts[part * tiles + tile] = sum;
                sum += size;
            }
        }
        frame.tileStart[tiles] = sum;
        workers.forEach(parts, (part, worker) -> {
            int base = part * tiles;
            int end = DepthOrder.from(part + 1, parts, visible);
            for (int r = DepthOrder.from(part, parts, visible); r < end; r++) {
                int i = frame.order[r];
                int[] met = frame.tilesOf(i);
                int first = frame.firstTileOf(i);
                int slot = frame.slotStart[i];
                for (int k = 0; k < frame.hitCount[i]; k++) {
                    int at = starts[base + met[first + k]]++;
                    frame.listGaussian[at] = i;
                    frame.listSlot[at] = slot + k;
                }
            }
        });
    }
}
