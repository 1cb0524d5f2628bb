package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * A photo in cells: their mean colours, and a depth for those of which a pixel's is confirmed.
 *
 * @param camera camera and pose, of the picture's size
 * @param grid the cells
 * @param colours [rows, columns, 3] from 0 to 1
 * @param depths [rows, columns], 0 where none is confirmed
 */
record PhotoCells(PinholeView camera, CellGrid grid, float[] colours, float[] depths) {

    /** Cuts a photo up. */
    static PhotoCells of(PinholeView camera, Image image, DepthMap map) {
        CellGrid grid = CellGrid.of(image.width(), image.height());
        PhotoCells cells = new PhotoCells(camera, grid, new float[3 * grid.count()], new float[grid.count()]);
        int[] pixels = new int[grid.count()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int i = cells.at(x, y);
                pixels[i]++;
                for (int k = 0; k < 3; k++) {
                    cells.colours[3 * i + k] += image.value(x, y, k) / 255f;
                }
                if (map.confidence(x, y) > DenseDepth.GUESSED) {
                    cells.depths[i] = map.depth(x, y);
                }
            }
        }
        for (int i = 0; i < cells.colours.length; i++) {
            cells.colours[i] /= Math.max(1, pixels[i / 3]);
        }
        return cells;
    }

    /** Depths by cell, 0 where unknown, as a map of the picture's size. */
    DepthMap pixels(float[] values) {
        int width = camera.width();
        float[] depth = new float[width * camera.height()];
        float[] confidence = new float[depth.length];
        for (int i = 0; i < depth.length; i++) {
            depth[i] = values[at(i % width, i / width)];
            confidence[i] = depth[i] > 0 ? 1 : 0;
        }
        return new DepthMap(width, camera.height(), depth, confidence);
    }

    long bytes() {
        return (long) Float.BYTES * (colours.length + depths.length);
    }

    int count() {
        return grid.count();
    }

    int columns() {
        return grid.columns();
    }

    int rows() {
        return grid.rows();
    }

    /** The cell that a place in the picture lies in. */
    int at(double x, double y) {
        return grid.at(x, y);
    }

    /** The cell that shows a place in the world, or what hides it; -1 where the photo does not show it. */
    int at(Optional<PicturePoint> seen) {
        return seen.map(p -> at(p.x(), p.y())).orElse(-1);
    }

    /** Whether a cell's depth is confirmed. */
    boolean isConfirmed(int i) {
        return depths[i] > 0;
    }

    /** The place in the world that lies at some depth behind the middle of a cell. */
    Vector3d world(int i, double depth) {
        return camera.unproject((i % columns() + 0.5) * grid.side(), (i / columns() + 0.5) * grid.side(), depth);
    }

    /** How far the colours of two cells are apart: 1 from black to one of the primary colours. */
    double difference(int i, PhotoCells other, int j) {
        double square = 0;
        for (int k = 0; k < 3; k++) {
            double d = colours[3 * i + k] - other.colours[3 * j + k];
            square += d * d;
        }
        return Math.sqrt(square);
    }
}
