package io.github.dinosplat.splat.train;

/**
 * Square cells that a photo is cut into, counted row by row.
 *
 * @param side of a cell in pixels
 * @param columns cells in a row
 * @param rows of cells
 */
record CellGrid(double side, int columns, int rows) {

    /** Cells along the long side of a photo. */
    private static final int ALONG = 128;

    /** The cells of a picture of some size. */
    static CellGrid of(int width, int height) {
        double side = Math.max(1, (double) Math.max(width, height) / ALONG);
        return new CellGrid(side, (int) Math.ceil(width / side), (int) Math.ceil(height / side));
    }

    int count() {
        return columns * rows;
    }

    /** The cell that a place in the picture lies in. */
    int at(double x, double y) {
        return (int) (y / side) * columns + (int) (x / side);
    }
}
