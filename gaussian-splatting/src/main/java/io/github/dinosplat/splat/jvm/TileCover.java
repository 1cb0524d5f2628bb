package io.github.dinosplat.splat.jvm;

/**
 * Which tiles an ellipse on the screen meets.
 *
 * <p>With {@code u, v} relative to the centre and {@code v} within the half height {@code ey}, the ellipse reaches from
 * {@code slope * v - chord * sqrt(ey^2 - v^2)} to {@code slope * v + chord * sqrt(ey^2 - v^2)}. Over a band of rows the
 * right end is concave in v, so its maximum lies at the ellipse's rightmost point clamped into the band.
 */
final class TileCover {

    /** Width and height of a tile in pixels. */
    static final int TILE = 16;

    /** Pixels by which ellipses are grown, far above the rounding of screen positions. */
    private static final float MARGIN = 0.02f;

    private TileCover() {}

    /**
     * Lists the tiles row by row.
     *
     * @param x centre in pixels
     * @param y centre in pixels
     * @param ex half width of the ellipse in pixels
     * @param ey half height of the ellipse in pixels
     * @param slope covariance xy over yy
     * @param chord square root of the covariance's determinant, over yy
     * @param tilesX tiles in a row of the picture
     * @param tilesY tiles in a column of the picture
     * @param tiles receives tile numbers
     * @param at where in {@code tiles} to begin
     * @return how many tiles
     */
    static int list(
            float x,
            float y,
            float ex,
            float ey,
            float slope,
            float chord,
            int tilesX,
            int tilesY,
            int[] tiles,
            int at) {
        float grownX = ex + MARGIN;
        float grownY = ey + MARGIN;
        int firstColumn = Math.max(0, firstTile(x - grownX));
        int lastColumn = Math.min(tilesX - 1, lastTile(x + grownX));
        int firstRow = Math.max(0, firstTile(y - grownY));
        int lastRow = Math.min(tilesY - 1, lastTile(y + grownY));
        if (firstColumn > lastColumn || firstRow > lastRow) {
            return 0;
        }
        boolean oneRowOrColumn = firstColumn == lastColumn || firstRow == lastRow;
        float tipV = slope * ey * ey / ex;
        int count = 0;
        for (int row = firstRow; row <= lastRow; row++) {
            int first = firstColumn;
            int last = lastColumn;
            if (!oneRowOrColumn) {
                float top = Math.max(row * TILE + 0.5f - y - MARGIN, -ey);
                float bottom = Math.min(row * TILE + TILE - 0.5f - y + MARGIN, ey);
                float right = Math.min(Math.max(tipV, top), bottom);
                float left = Math.min(Math.max(-tipV, top), bottom);
                float reachRight = slope * right + chord * root(ey * ey - right * right) + MARGIN;
                float reachLeft = slope * left - chord * root(ey * ey - left * left) - MARGIN;
                first = Math.max(first, firstTile(x + reachLeft));
                last = Math.min(last, lastTile(x + reachRight));
            }
            for (int column = first; column <= last; column++) {
                tiles[at + count++] = row * tilesX + column;
            }
        }
        return count;
    }

    private static float root(float value) {
        return (float) Math.sqrt(Math.max(0f, value));
    }

    /** The first tile whose last pixel centre is at or after a position. */
    private static int firstTile(float position) {
        return (int) Math.ceil((position - (TILE - 0.5f)) / TILE);
    }

    /** The last tile whose first pixel centre is at or before a position. */
    private static int lastTile(float position) {
        return (int) Math.floor((position - 0.5f) / TILE);
    }
}
