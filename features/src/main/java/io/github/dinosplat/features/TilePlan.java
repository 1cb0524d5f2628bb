package io.github.dinosplat.features;

/**
 * How one axis of a patch grid is covered by overlapping tiles of one length, in patches. A tile's outermost patches at a
 * seam (its halo) do not count, because the network saw nothing beyond them; between, the tiles are blended.
 *
 * @param cells patches of the whole axis
 * @param tile patches of a tile; more than {@code cells} where the network takes no less
 * @param halo patches at a tile's inner ends that do not count
 * @param starts first patch of each tile
 */
record TilePlan(int cells, int tile, int halo, int[] starts) {

    static TilePlan of(int cells, int tile, int halo) {
        if (tile >= cells) {
            return new TilePlan(cells, tile, halo, new int[] {0});
        }
        // At least one patch of every tile must count.
        int kept = Math.max(1, tile - 2 * halo);
        int trimmed = (tile - kept) / 2;
        int tiles = 1 + (cells - tile + kept - 1) / kept;
        int[] starts = new int[tiles];
        for (int i = 0; i < tiles; i++) {
            starts[i] = (int) Math.round((double) i * (cells - tile) / (tiles - 1));
        }
        return new TilePlan(cells, tile, trimmed, starts);
    }

    /** How much a patch of a tile counts, before all tiles' shares at one place are brought to the sum 1. */
    float weight(int index, int patch) {
        boolean first = starts[index] == 0;
        boolean last = starts[index] + tile >= cells;
        int before = first ? Integer.MAX_VALUE : patch - halo + 1;
        int after = last ? Integer.MAX_VALUE : tile - patch - halo;
        int inner = Math.min(before, after);
        return inner == Integer.MAX_VALUE ? 1 : Math.max(0, Math.min(inner, tile));
    }
}
