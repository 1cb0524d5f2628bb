package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * A smooth field through values at sparse points: the mean of a Gaussian process that is the sum of three (kriging;
 * Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", eq. 2.25).
 *
 * <ul>
 *   <li>A plane, nearly free, if wanted: in inverse depth a plane of the scene is a plane over the photo.
 *   <li>What departs from it, with an exponential kernel, which expects depth to bend anywhere: it interpolates almost
 *       straight between points and does not swing beyond them, where smoother kernels do.
 *   <li>What goes with the photo's features: a linear function of them that changes slowly over the photo, so that a hole
 *       is filled as its surroundings tell that like places are.
 * </ul>
 */
final class SmoothField {

    /** Variance of the plane's height and of its slopes over the long side; that of the exponential kernel is 1. */
    private static final double HEIGHT = 10;

    private static final double SLOPE = 30;
    /** Length of the exponential kernel in long sides of the photo. */
    private static final double LENGTH = 1;
    /** Variance that goes with the features, where they have a full say, and how far their meaning stays the same. */
    private static final double FEATURES = 0.1;

    private static final double FEATURE_LENGTH = 0.3;
    /** Variance of a point's own value. */
    private static final double NOISE = 0.05;
    /** At most one point each cell, of this part of the long side. */
    private static final double CELL = 1 / 30.0;
    /** Cells along the longer side of a grid up to which each has its own sum over the points; finer ones interpolate. */
    private static final int CELLS = 64;

    private final FeatureMap map;
    private final TrendKind kind;
    private final RelativeFeatures features;
    private final Place[] anchors;
    private final double[] weight;

    /**
     * A place of the photo.
     *
     * @param x from the photo's centre, in long sides
     * @param y from the photo's centre, in long sides
     * @param features its relative features
     */
    private record Place(double x, double y, float[] features) {}

    private SmoothField(FeatureMap map, TrendKind kind, double[] x, double[] y) {
        this.map = map;
        this.kind = kind;
        features = new RelativeFeatures(map, x, y);
        anchors = new Place[x.length];
        for (int i = 0; i < x.length; i++) {
            anchors[i] = place(x[i], y[i]);
        }
        weight = new double[x.length];
    }

    /**
     * Fits the field.
     *
     * @param points places
     * @param value value at each point
     * @param map the photo's features
     * @param kind whether there is a plane, and how much the features have to say
     */
    static SmoothField fit(SparseDepth points, double[] value, FeatureMap map, TrendKind kind) {
        int[] chosen = anchors(points, value, map.photoWidth(), map.photoHeight());
        int n = chosen.length;
        SmoothField field = new SmoothField(
                map,
                kind,
                IntStream.of(chosen).mapToDouble(i -> points.x[i]).toArray(),
                IntStream.of(chosen).mapToDouble(i -> points.y[i]).toArray());
        DMatrixRMaj target = new DMatrixRMaj(n, 1);
        DMatrixRMaj kernel = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
            target.set(i, 0, value[chosen[i]]);
            for (int j = 0; j <= i; j++) {
                double k = field.kernel(field.anchors[i], field.anchors[j]) + (i == j ? NOISE : 0);
                kernel.set(i, j, k);
                kernel.set(j, i, k);
            }
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(n);
        if (n > 0 && solver.setA(kernel)) {
            DMatrixRMaj solution = new DMatrixRMaj(n, 1);
            solver.solve(target, solution);
            System.arraycopy(solution.data, 0, field.weight, 0, n);
        }
        return field;
    }

    private Place place(double px, double py) {
        double side = Math.max(map.photoWidth(), map.photoHeight());
        return new Place(
                (px - 0.5 * map.photoWidth()) / side, (py - 0.5 * map.photoHeight()) / side, features.at(px, py));
    }

    private double kernel(Place a, Place b) {
        double distance = Math.hypot(a.x - b.x, a.y - b.y);
        double kernel = Math.exp(-distance / LENGTH);
        if (kind.plane()) {
            kernel += HEIGHT + SLOPE * (a.x * b.x + a.y * b.y);
        }
        if (kind.trust() == 0) {
            return kernel;
        }
        double alike = 0;
        for (int c = 0; c < a.features.length; c++) {
            alike += a.features[c] * b.features[c];
        }
        return kernel + FEATURES * kind.trust() * alike * Math.exp(-distance / FEATURE_LENGTH);
    }

    /** The field at a place in pixels of the photo. */
    double at(double px, double py) {
        Place place = place(px, py);
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += weight[i] * kernel(anchors[i], place);
        }
        return sum;
    }

    /** The field at the centres of a grid's cells, row by row. */
    double[] onGrid(int rows, int columns) {
        int step = (Math.max(rows, columns) + CELLS - 1) / CELLS;
        int coarseRows = (rows + step - 1) / step;
        int coarseColumns = (columns + step - 1) / step;
        double[] coarse = new double[coarseRows * coarseColumns];
        for (int i = 0; i < coarse.length; i++) {
            double y = (i / coarseColumns + 0.5) * map.photoHeight() / coarseRows;
            double x = (i % coarseColumns + 0.5) * map.photoWidth() / coarseColumns;
            coarse[i] = at(x, y);
        }
        return step == 1 ? coarse : interpolated(coarse, coarseRows, coarseColumns, rows, columns);
    }

    private static double[] interpolated(double[] coarse, int coarseRows, int coarseColumns, int rows, int columns) {
        double[] fine = new double[rows * columns];
        for (int i = 0; i < fine.length; i++) {
            double y = Math.max(0, Math.min(coarseRows - 1, (i / columns + 0.5) * coarseRows / rows - 0.5));
            double x = Math.max(0, Math.min(coarseColumns - 1, (i % columns + 0.5) * coarseColumns / columns - 0.5));
            int y0 = Math.min((int) y, Math.max(0, coarseRows - 2));
            int x0 = Math.min((int) x, Math.max(0, coarseColumns - 2));
            int right = coarseColumns > 1 ? 1 : 0;
            int at = y0 * coarseColumns + x0;
            int below = coarseRows > 1 ? at + coarseColumns : at;
            double top = coarse[at] + (x - x0) * (coarse[at + right] - coarse[at]);
            double bottom = coarse[below] + (x - x0) * (coarse[below + right] - coarse[below]);
            fine[i] = top + (y - y0) * (bottom - top);
        }
        return fine;
    }

    /** Of the points in each cell the one with the median value: few enough to solve for, and no mismatches. */
    private static int[] anchors(SparseDepth points, double[] value, int photoWidth, int photoHeight) {
        double cell = CELL * Math.max(photoWidth, photoHeight);
        int columns = (int) (photoWidth / cell) + 1;
        int rows = (int) (photoHeight / cell) + 1;
        List<List<Integer>> cells = new ArrayList<>();
        for (int i = 0; i < columns * rows; i++) {
            cells.add(new ArrayList<>());
        }
        for (int i = 0; i < points.count; i++) {
            cells.get((int) (points.y[i] / cell) * columns + (int) (points.x[i] / cell))
                    .add(i);
        }
        return cells.stream()
                .filter(c -> !c.isEmpty())
                .mapToInt(c -> {
                    c.sort(Comparator.comparingDouble(i -> value[i]));
                    return c.get(c.size() / 2);
                })
                .toArray();
    }
}
