package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;

/**
 * Which colours a photo has around each of its places: the least and the greatest of each channel, by cells: 75 KB a photo.
 *
 * @param grid the cells
 * @param least [rows, columns, 3] as in the photo, 0 to 255
 * @param greatest [rows, columns, 3] likewise
 */
record ColourRanges(CellGrid grid, byte[] least, byte[] greatest) {

    /** Cells that count to each side: depths are a few pixels off, and pictures at training size may be sharper. */
    private static final int AROUND = 2;

    /** Looks at a photo. */
    static ColourRanges of(Image photo) {
        CellGrid grid = CellGrid.of(photo.width(), photo.height());
        int[] extremes = new int[6 * grid.count()];
        for (int y = 0; y < photo.height(); y++) {
            for (int x = 0; x < photo.width(); x++) {
                int at = 6 * grid.at(x, y);
                for (int k = 0; k < 3; k++) {
                    int value = photo.value(x, y, k);
                    extremes[at + k] = Math.max(extremes[at + k], 255 - value);
                    extremes[at + 3 + k] = Math.max(extremes[at + 3 + k], value);
                }
            }
        }
        byte[] least = new byte[3 * grid.count()];
        byte[] greatest = new byte[least.length];
        for (int i = 0; i < least.length; i++) {
            least[i] = (byte) (255 - around(extremes, grid, i / 3, i % 3));
            greatest[i] = (byte) around(extremes, grid, i / 3, 3 + i % 3);
        }
        return new ColourRanges(grid, least, greatest);
    }

    private static int around(int[] extremes, CellGrid grid, int cell, int k) {
        int column = cell % grid.columns();
        int row = cell / grid.columns();
        int most = 0;
        for (int y = Math.max(0, row - AROUND); y <= Math.min(grid.rows() - 1, row + AROUND); y++) {
            for (int x = Math.max(0, column - AROUND); x <= Math.min(grid.columns() - 1, column + AROUND); x++) {
                most = Math.max(most, extremes[6 * (y * grid.columns() + x) + k]);
            }
        }
        return most;
    }

    /** The least of a channel around a place, from 0 to 1. */
    float least(double x, double y, int channel) {
        return (least[at(x, y, channel)] & 0xff) / 255f;
    }

    /** The greatest of a channel around a place, from 0 to 1. */
    float greatest(double x, double y, int channel) {
        return (greatest[at(x, y, channel)] & 0xff) / 255f;
    }

    private int at(double x, double y, int channel) {
        return 3 * grid.at(x, y) + channel;
    }
}
