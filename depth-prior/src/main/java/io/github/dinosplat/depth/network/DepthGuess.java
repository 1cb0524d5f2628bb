package io.github.dinosplat.depth.network;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.FeatureMap;
import java.util.Arrays;
import java.util.Optional;

/** What a depth network says of one photo, on a grid that covers all of it. Immutable. */
public final class DepthGuess {

    /** What is not positive where it should be counts as this part of the greatest value but for the outermost per cent. */
    private static final double LEAST = 1e-3;
    /** Rounds in which the shift of a point map settles. */
    private static final int ROUNDS = 10;

    private final int rows;
    private final int columns;
    private final int photoWidth;
    private final int photoHeight;
    private final boolean points;
    /** [rows, columns], or [rows, columns, 3] for points. */
    private final float[] values;
    /** [rows, columns, 3], or empty. */
    private final float[] normals;
    /** [rows, columns], or empty where all is known. */
    private final boolean[] unknown;

    DepthGuess(
            int rows,
            int columns,
            int photoWidth,
            int photoHeight,
            boolean points,
            float[] values,
            float[] normals,
            boolean[] unknown) {
        this.rows = rows;
        this.columns = columns;
        this.photoWidth = photoWidth;
        this.photoHeight = photoHeight;
        this.points = points;
        this.values = values;
        this.normals = normals;
        this.unknown = unknown;
    }

    /**
     * Grid rows.
     *
     * @return count
     */
    public int rows() {
        return rows;
    }

    /**
     * Grid columns.
     *
     * @return count
     */
    public int columns() {
        return columns;
    }

    /**
     * The direction in which a surface faces, in the camera's frame (right, down, forward).
     *
     * @param row grid row
     * @param column grid column
     * @return three values of length 1; empty where the network gives no normals
     */
    public Optional<float[]> normal(int row, int column) {
        if (normals.length == 0) {
            return Optional.empty();
        }
        int at = 3 * (row * columns + column);
        double length = Math.hypot(Math.hypot(normals[at], normals[at + 1]), normals[at + 2]);
        float[] unit = Arrays.copyOfRange(normals, at, at + 3);
        for (int k = 0; k < 3 && length > 0; k++) {
            unit[k] /= (float) length;
        }
        return Optional.of(unit);
    }

    /**
     * The logarithm of the inverse depth up to an offset, finite everywhere: what is unknown (sky) is as far as the farthest.
     *
     * @param kind what the values are; {@link DepthOutput#POINTS} for points and nothing else
     * @param camera the photo's camera; points need it to find their shift
     * @return one channel
     * @throws IllegalArgumentException if the kind does not fit the network's output
     */
    public FeatureMap logInverseDepth(DepthOutput kind, Camera camera) {
        if (points != (kind == DepthOutput.POINTS)) {
            throw new IllegalArgumentException(
                    "kind must " + (points ? "" : "not ") + "be POINTS for this network's output but was " + kind);
        }
        double shift = points ? shift(camera) : 0;
        int n = rows * columns;
        double[] forward = new double[n];
        for (int i = 0; i < n; i++) {
            forward[i] = points ? values[3 * i + 2] + shift : values[i];
        }
        float[] log = new float[n];
        double least = kind == DepthOutput.LOG ? Double.NEGATIVE_INFINITY : LEAST * high(forward);
        float farthest = Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            log[i] = switch (kind) {
                case LOG -> (float) -forward[i];
                case INVERSE -> (float) Math.log(Math.max(forward[i], least));
                case DEPTH, POINTS -> (float) -Math.log(Math.max(forward[i], least));
            };
            if (!isUnknown(i)) {
                farthest = Math.min(farthest, log[i]);
            }
        }
        for (int i = 0; i < n; i++) {
            if (isUnknown(i)) {
                log[i] = Float.isInfinite(farthest) ? 0 : farthest;
            }
        }
        return new FeatureMap(rows, columns, 1, photoWidth, photoHeight, log);
    }

    private boolean isUnknown(int i) {
        return (unknown.length > 0 && unknown[i]) || !Float.isFinite(values[points ? 3 * i + 2 : i]);
    }

    /** The 99 per cent quantile of what is known; at least the smallest positive number. */
    private double high(double[] forward) {
        double[] known = new double[forward.length];
        int n = 0;
        for (int i = 0; i < forward.length; i++) {
            if (!isUnknown(i)) {
                known[n++] = forward[i];
            }
        }
        Arrays.sort(known, 0, n);
        return n == 0 ? 1 : Math.max(known[(int) (0.99 * (n - 1))], 1e-30);
    }

    /**
     * How far points lie too near: the shift with which they project to where they are seen, by least squares in the
     * picture's plane, x / (z + s) = a, reweighted by the depth until it settles.
     */
    private double shift(Camera camera) {
        double[] ray = new double[2];
        double shift = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double up = 0;
            double down = 0;
            for (int i = 0; i < rows * columns; i++) {
                double x = (i % columns + 0.5) * photoWidth / columns * camera.width() / photoWidth;
                double y = (i / columns + 0.5) * photoHeight / rows * camera.height() / photoHeight;
                if (isUnknown(i) || !camera.unproject(x, y, ray)) {
                    continue;
                }
                double a = ray[0];
                double b = ray[1];
                double z = values[3 * i + 2];
                double near = Math.max(Math.abs(z + shift), 1e-6);
                double weight = round == 0 ? 1 : 1 / (near * near);
                up += weight * (a * (values[3 * i] - a * z) + b * (values[3 * i + 1] - b * z));
                down += weight * (a * a + b * b);
            }
            shift = down > 0 ? up / down : 0;
        }
        return shift;
    }
}
