package io.github.dinosplat.splat.jvm;

import java.util.Arrays;

/**
 * Makes the list of every tile, nearest Gaussian first: lists the tiles of each Gaussian, then a stable counting sort by
 * tile over the depth order. The order is unique, so the number of chunks does not show in the result.
 */
final class TileLists {

    private int[] slotTile = new int[0];
    private int[] starts = new int[0];

    void run(Frame frame, int count, Projection view, Workers workers) {
        int tiles = view.tiles();
        frame.reserveHits(frame.hits);
        if (slotTile.length < frame.hits) {
            slotTile = new int[frame.listGaussian.length];
        }
        workers.forEach((count + Projector.CHUNK - 1) / Projector.CHUNK, (chunk, worker) -> {
            int end = Math.min(count, (chunk + 1) * Projector.CHUNK);
            for (int i = chunk * Projector.CHUNK; i < end; i++) {
                if (frame.hitCount[i] > 0) {
                    emit(frame, i, view);
                }
            }
        });
        int chunks = workers.threads();
        if (starts.length < chunks * tiles) {
            starts = new int[chunks * tiles];
        }
        Arrays.fill(starts, 0, chunks * tiles, 0);
        int visible = frame.visible;
        workers.forEach(chunks, (chunk, worker) -> {
            int base = chunk * tiles;
            for (int r = from(chunk, chunks, visible); r < from(chunk + 1, chunks, visible); r++) {
                int i = frame.order[r];
                for (int slot = frame.slotStart[i]; slot < frame.slotStart[i + 1]; slot++) {
                    starts[base + slotTile[slot]]++;
                }
            }
        });
        int sum = 0;
        for (int tile = 0; tile < tiles; tile++) {
            frame.tileStart[tile] = sum;
            for (int chunk = 0; chunk < chunks; chunk++) {
                int size = starts[chunk * tiles + tile];
                starts[chunk * tiles + tile] = sum;
                sum += size;
            }
        }
        frame.tileStart[tiles] = sum;
        workers.forEach(chunks, (chunk, worker) -> {
            int base = chunk * tiles;
            for (int r = from(chunk, chunks, visible); r < from(chunk + 1, chunks, visible); r++) {
                int i = frame.order[r];
                for (int slot = frame.slotStart[i]; slot < frame.slotStart[i + 1]; slot++) {
                    int at = starts[base + slotTile[slot]]++;
                    frame.listGaussian[at] = i;
                    frame.listSlot[at] = slot;
                }
            }
        });
    }

    private static int from(int chunk, int chunks, int visible) {
        return (int) ((long) visible * chunk / chunks);
    }

    private void emit(Frame frame, int i, Projection view) {
        float[] s = frame.splats;
        int at = i * Splat.STRIDE;
        int listed = TileCover.list(
                s[at + Splat.X],
                s[at + Splat.Y],
                s[at + Splat.EX],
                s[at + Splat.EY],
                s[at + Splat.SLOPE],
                s[at + Splat.CHORD],
                view.tilesX,
                view.tilesY,
                slotTile,
                frame.slotStart[i]);
        if (listed != frame.hitCount[i]) {
            throw new IllegalStateException(
                    "Gaussian " + i + " met " + listed + " tiles but was counted with " + frame.hitCount[i]);
        }
    }
}
