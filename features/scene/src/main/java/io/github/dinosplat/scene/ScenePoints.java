package io.github.dinosplat.scene;

import java.util.Arrays;
import org.joml.Vector3d;

/** The sparse points of a scene as structure of arrays: position, colour and mean reprojection error. Immutable. */
public final class ScenePoints {

    /** No points. */
    public static final ScenePoints NONE = new ScenePoints(new double[0], new byte[0], new double[0]);

    private final double[] positions;
    private final byte[] colours;
    private final double[] errors;

    /**
     * Points.
     *
     * @param positions x, y, z of each point in the world, interleaved; copied
     * @param colours red, green, blue (unsigned 8-bit sRGB) of each point, interleaved; copied
     * @param errors mean reprojection error of each point in pixels, -1 where unknown; copied
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public ScenePoints(double[] positions, byte[] colours, double[] errors) {
        int n = errors.length;
        if (positions.length != 3 * n || colours.length != 3 * n) {
            throw new IllegalArgumentException("expected positions [" + 3 * n + "] and colours [" + 3 * n + "] for " + n
                    + " errors but were [" + positions.length + "] and [" + colours.length + "]");
        }
        this.positions = positions.clone();
        this.colours = colours.clone();
        this.errors = errors.clone();
    }

    /**
     * The number of points.
     *
     * @return count
     */
    public int count() {
        return errors.length;
    }

    /**
     * A position.
     *
     * @param point index of the point
     * @return a new vector in the world
     */
    public Vector3d position(int point) {
        return new Vector3d(positions[3 * point], positions[3 * point + 1], positions[3 * point + 2]);
    }

    /**
     * One coordinate of a position.
     *
     * @param point index of the point
     * @param axis 0, 1 or 2
     * @return coordinate in scene units
     */
    public double coordinate(int point, int axis) {
        return positions[3 * point + axis];
    }

    /**
     * A colour channel.
     *
     * @param point index of the point
     * @param channel 0 red, 1 green, 2 blue
     * @return 0 to 255
     */
    public int colour(int point, int channel) {
        return colours[3 * point + channel] & 0xff;
    }

    /**
     * A point's mean reprojection error.
     *
     * @param point index of the point
     * @return pixels, or -1 where unknown
     */
    public double error(int point) {
        return errors[point];
    }

    /**
     * The points moved by a similarity.
     *
     * @param targetFromWorld similarity
     * @return new points
     */
    public ScenePoints transform(Similarity3 targetFromWorld) {
        double[] moved = new double[positions.length];
        for (int i = 0; i < errors.length; i++) {
            Vector3d p = targetFromWorld.transform(position(i));
            moved[3 * i] = p.x;
            moved[3 * i + 1] = p.y;
            moved[3 * i + 2] = p.z;
        }
        return new ScenePoints(moved, colours, errors);
    }

    /**
     * These points and behind them others.
     *
     * @param other points
     * @param from the first of them that is taken
     * @return new points
     * @throws IllegalArgumentException if {@code from} is not in 0..count of {@code other}
     */
    public ScenePoints followedBy(ScenePoints other, int from) {
        if (from < 0 || from > other.count()) {
            throw new IllegalArgumentException("from must lie in 0.." + other.count() + " but was " + from);
        }
        int n = count();
        int all = n + other.count() - from;
        double[] allPositions = Arrays.copyOf(positions, 3 * all);
        byte[] allColours = Arrays.copyOf(colours, 3 * all);
        double[] allErrors = Arrays.copyOf(errors, all);
        System.arraycopy(other.positions, 3 * from, allPositions, 3 * n, 3 * (all - n));
        System.arraycopy(other.colours, 3 * from, allColours, 3 * n, 3 * (all - n));
        System.arraycopy(other.errors, from, allErrors, n, all - n);
        return new ScenePoints(allPositions, allColours, allErrors);
    }
}
