package io.github.dinosplat.depth;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * A smooth field through values at sparse points: the mean of a Gaussian process with an exponential kernel. That kernel
 * expects depth to bend anywhere: it interpolates almost straight between points and does not swing beyond them, where
 * smoother kernels do.
 */
final class SmoothField {

    /** Kernel length as a part of the photo's long side. */
    private static final double LENGTH = 1.0;
    /** At most one point each cell, of this part of the long side. */
    private static final double CELL = 1 / 30.0;
    /** Cells along the longer side of a grid up to which each has its own sum over the points; finer ones interpolate. */
    private static final int CELLS = 128;
    /** Variance of a point's own value, as a part of the field's variance. */
    private static final double NOISE = 0.01;

    private final double unit;
    private final double[] x;
    private final double[] y;
    private final double[] weight;

    private SmoothField(double unit, double[] x, double[] y, double[] weight) {
        this.unit = unit;
        this.x = x;
        this.y = y;
        this.weight = weight;
    }

    /**
     * Fits the field.
     *
     * @param points places
     * @param value value at each point; far from all points the field goes to 0
     */
    static SmoothField fit(SparseDepth points, double[] value, int photoWidth, int photoHeight) {
        double side = Math.max(photoWidth, photoHeight);
        int[] anchors = anchors(points, value, CELL * side, photoWidth, photoHeight);
        int n = anchors.length;
        SmoothField field = new SmoothField(LENGTH * side, new double[n], new double[n], new double[n]);
        DMatrixRMaj target = new DMatrixRMaj(n, 1);
        for (int i = 0; i < n; i++) {
            field.x[i] = points.x[anchors[i]];
            field.y[i] = points.y[anchors[i]];
            target.set(i, 0, value[anchors[i]]);
        }
        DMatrixRMaj kernel = new DMatrixRMaj(n, n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double k = field.kernel(i, field.x[j], field.y[j]);
                kernel.set(i, j, k);
                kernel.set(j, i, k);
            }
            kernel.set(i, i, 1 + NOISE);
        }
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.chol(n);
        if (n > 0 && solver.setA(kernel)) {
            DMatrixRMaj solution = new DMatrixRMaj(n, 1);
            solver.solve(target, solution);
            System.arraycopy(solution.data, 0, field.weight, 0, n);
        }
        return field;
    }

    /** The field at the centres of a grid's cells, row by row. */
    double[] onGrid(int rows, int columns, int photoWidth, int photoHeight) {
        int step = (Math.max(rows, columns) + CELLS - 1) / CELLS;
        int coarseRows = (rows + step - 1) / step;
        int coarseColumns = (columns + step - 1) / step;
        double[] coarse = new double[coarseRows * coarseColumns];
        for (int i = 0; i < coarse.length; i++) {
            double y = (i / coarseColumns + 0.5) * photoHeight / coarseRows;
            double x = (i % coarseColumns + 0.5) * photoWidth / coarseColumns;
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

    double at(double px, double py) {
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += weight[i] * kernel(i, px, py);
        }
        return sum;
    }

    private double kernel(int i, double px, double py) {
        double dx = x[i] - px;
        double dy = y[i] - py;
        return Math.exp(-Math.sqrt(dx * dx + dy * dy) / unit);
    }

    /** Of the points in each cell the one with the median value: few enough to solve for, and no mismatches. */
    private static int[] anchors(SparseDepth points, double[] value, double cell, int photoWidth, int photoHeight) {
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
