package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import java.util.BitSet;
import java.util.List;

/** A joint regression over all photos on one kind of features, with and without held-out points. */
final class Training {

    /** Rows over all photos; more do not make a linear head better. */
    private static final int MOST_ROWS = 60_000;
    /** Products in the sums of all rows: what bounds the rows of long features to seconds of work. */
    private static final double MOST_PRODUCTS = 1.2e10;

    private static final double RIDGE = 0.02;

    private final HeadRows rows;
    private final HeadSums all;
    private final HeadSums heldOut;

    private Training(HeadRows rows, long seed) {
        this.rows = rows;
        heldOut = rows.sums(i -> HeldOutPoints.random(seed, i));
        all = rows.sums(i -> !HeldOutPoints.random(seed, i)).plus(heldOut, 1);
    }

    /** The rows of one photo, not yet standardised. */
    record PhotoRows(float[] features, double[] target, int[] point, int[] cell) {}

    /**
     * A photo's rows.
     *
     * @param photos number of photos that share the limit of rows
     * @param cells the photo is cut into cells times cells groups: depth differences within a cell are what the features
     *     have to explain
     */
    static PhotoRows rows(SparseDepth points, FeatureMap map, HeadFeatures kind, int photos, int cells) {
        double length = kind.length(map.channels());
        int most = Math.max(100, (int) (Math.min(MOST_ROWS, MOST_PRODUCTS / (length * length)) / photos));
        int step = Math.max(1, (points.count + most - 1) / most);
        int n = (points.count + step - 1) / step;
        int dim = kind.length(map.channels());
        PhotoRows rows = new PhotoRows(new float[n * dim], new double[n], new int[n], new int[n]);
        float[] scratch = new float[map.channels()];
        for (int i = 0; i < n; i++) {
            int k = i * step;
            kind.fill(map, points.x[k], points.y[k], scratch, rows.features, i * dim);
            rows.target[i] = Math.log(points.inverseDepth[k]);
            rows.point[i] = points.point[k];
            int column = Math.min(cells - 1, (int) (cells * points.x[k] / map.photoWidth()));
            int row = Math.min(cells - 1, (int) (cells * points.y[k] / map.photoHeight()));
            rows.cell[i] = row * cells + column;
        }
        return rows;
    }

    static Training of(List<PhotoRows> photos, HeadFeatures kind, int channels, int cells, long seed) {
        int dim = kind.length(channels);
        int n = photos.stream().mapToInt(p -> p.target.length).sum();
        float[] features = new float[n * dim];
        double[] target = new double[n];
        int[] point = new int[n];
        int[] group = new int[n];
        int at = 0;
        for (int p = 0; p < photos.size(); p++) {
            PhotoRows r = photos.get(p);
            int count = r.target.length;
            System.arraycopy(r.features, 0, features, at * dim, count * dim);
            System.arraycopy(r.target, 0, target, at, count);
            System.arraycopy(r.point, 0, point, at, count);
            for (int i = 0; i < count; i++) {
                group[at + i] = p * cells * cells + r.cell[i];
            }
            at += count;
        }
        int groups = photos.size() * cells * cells;
        return new Training(new HeadRows(kind, dim, features, target, point, group, groups), seed);
    }

    Head onAll() {
        return new Head(rows, all.solve(RIDGE));
    }

    Head withoutRandom() {
        return new Head(rows, all.plus(heldOut, -1).solve(RIDGE));
    }

    Head without(BitSet points) {
        return new Head(rows, all.plus(rows.sums(points::get), -1).solve(RIDGE));
    }
}
