package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;
import io.github.dinosplat.splat.stereo.SmoothContinuation;
import java.util.Arrays;

/**
 * A photo's depths and colours in coarse cells, continued smoothly over what is not known and beyond the photo's border.
 * Planes go on as planes, since their inverse depth is linear in the picture; colours go on level. Inside the photo, depths
 * follow each other as far as colours do.
 */
final class SurfaceGrid {

    /** Confidence of what is only continued: less than of what is guessed beside confirmed depths. */
    static final float CONTINUED = 0.2f;

    /** Cells along the long side of a photo. */
    private static final int CELLS = 32;

    /** How far surfaces are continued, as a part of the long side. */
    private static final double MARGIN = 0.25;

    /** Weight of level surfaces by that of straight ones: they bend back within some seven cells. */
    private static final double STRETCHING = 0.02;

    /** Depths go on up to these factors beyond the nearest and farthest confirmed one. */
    private static final double NEARER = 0.8;

    private static final double FARTHER = 2;

    /** What a sparse point counts by a cell of confirmed depths. */
    private static final float POINT_WEIGHT = 0.1f;

    /** Sparse points whose inverse depth is off the smooth surface by more than this part are mismatches. */
    private static final double OUTLIER = 0.2;

    private static final int POINT_ROUNDS = 3;

    /** Neighbouring cells of colours this far apart (each channel 0 to 1) hardly belong together. */
    private static final double EDGE = 0.12;

    private static final double LEAST_JOIN = 0.01;

    final int columns;
    final int rows;
    /** Side of a cell in pixels of the picture. */
    final double cell;

    private final PinholeView camera;
    /** Cells beyond each border. */
    private final int margin;

    private final int insideColumns;
    private final int insideRows;
    private final float[][] colours = new float[3][];
    private final float[] inverse;

    /**
     * Continues a photo's surfaces.
     *
     * @param camera of the picture's size
     * @param image the photo
     * @param map its depths, of the same size
     * @param pointsInCam [N, 3] sparse points that it shows, in the camera's frame; they count where no depth is confirmed
     */
    SurfaceGrid(PinholeView camera, Image image, DepthMap map, double[] pointsInCam) {
        this.camera = camera;
        cell = (double) Math.max(camera.width(), camera.height()) / CELLS;
        margin = (int) Math.round(MARGIN * CELLS);
        insideColumns = (int) Math.ceil(camera.width() / cell);
        insideRows = (int) Math.ceil(camera.height() / cell);
        columns = insideColumns + 2 * margin;
        rows = insideRows + 2 * margin;
        for (int k = 0; k < 3; k++) {
            colours[k] = colour(image, k);
        }
        inverse = depths(map, pointsInCam);
    }

    /** Whether any depth is known. */
    boolean isKnown() {
        return inverse.length > 0;
    }

    /** Whether a cell lies in the picture. */
    boolean isInside(int i) {
        int c = i % columns - margin;
        int r = i / columns - margin;
        return c >= 0 && r >= 0 && c < insideColumns && r < insideRows;
    }

    /** Horizontal place of a cell's centre in pixels. */
    double x(int i) {
        return (i % columns - margin + 0.5) * cell;
    }

    /** Vertical place of a cell's centre in pixels. */
    double y(int i) {
        return (i / columns - margin + 0.5) * cell;
    }

    /** The cell around a place in the picture or beside it, -1 beyond the margin. */
    int at(double x, double y) {
        double c = Math.floor(x / cell) + margin;
        double r = Math.floor(y / cell) + margin;
        return c >= 0 && r >= 0 && c < columns && r < rows ? (int) r * columns + (int) c : -1;
    }

    /** Depth of a cell. */
    double depth(int i) {
        return 1 / inverse[i];
    }

    /** Colour of a cell, from 0 to 1. */
    double colour(int i, int channel) {
        return Math.min(1, Math.max(0, colours[channel][i]));
    }

    /**
     * The map with its holes filled, {@link #CONTINUED}, in cells where it knows some depth and in those next to them. Farther
     * off a surface is a guess that looks as sure as what photos show: smooth lawns in the wrong place, walls before the sky.
     */
    DepthMap filled(DepthMap map) {
        if (!isKnown()) {
            return map;
        }
        boolean[] near = nearKnown(map);
        float[] depth = new float[map.width() * map.height()];
        float[] confidence = new float[depth.length];
        for (int i = 0; i < depth.length; i++) {
            int x = i % map.width();
            int y = i / map.width();
            if (map.depth(x, y) > 0) {
                depth[i] = map.depth(x, y);
                confidence[i] = map.confidence(x, y);
            } else if (near[at(x, y)]) {
                depth[i] = depth(x + 0.5, y + 0.5);
                confidence[i] = CONTINUED;
            }
        }
        return new DepthMap(map.width(), map.height(), depth, confidence);
    }

    /** The cells in which a depth is known, and all eight around each. */
    private boolean[] nearKnown(DepthMap map) {
        boolean[] near = new boolean[columns * rows];
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                if (map.depth(x, y) > 0) {
                    int i = at(x, y);
                    // A margin of some cells lies around the picture, so a cell has all its neighbours.
                    for (int row = i - columns; row <= i + columns; row += columns) {
                        Arrays.fill(near, row - 1, row + 2, true);
                    }
                }
            }
        }
        return near;
    }

    /** Depth at a place in the picture, interpolated between cells. */
    private float depth(double x, double y) {
        double u = Math.min(columns - 1.001, Math.max(0, x / cell - 0.5 + margin));
        double v = Math.min(rows - 1.001, Math.max(0, y / cell - 0.5 + margin));
        int i = (int) v * columns + (int) u;
        double fx = u - (int) u;
        double fy = v - (int) v;
        double upper = (1 - fx) * inverse[i] + fx * inverse[i + 1];
        double lower = (1 - fx) * inverse[i + columns] + fx * inverse[i + columns + 1];
        return (float) (1 / ((1 - fy) * upper + fy * lower));
    }

    private float[] colour(Image image, int channel) {
        float[] values = new float[columns * rows];
        float[] weights = new float[columns * rows];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                int to = at(x, y);
                values[to] += image.value(x, y, channel) / 255f;
                weights[to]++;
            }
        }
        toMeans(values, weights);
        float[] joins = new float[2 * values.length];
        Arrays.fill(joins, 1);
        return SmoothContinuation.of(columns, rows, values, weights, joins, 0, 1);
    }

    private float[] depths(DepthMap map, double[] points) {
        float[] values = new float[columns * rows];
        float[] weights = new float[columns * rows];
        float least = Float.POSITIVE_INFINITY;
        float most = 0;
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                if (map.confidence(x, y) > DenseDepth.GUESSED) {
                    float value = 1 / map.depth(x, y);
                    values[at(x, y)] += value;
                    weights[at(x, y)]++;
                    least = Math.min(least, value);
                    most = Math.max(most, value);
                }
            }
        }
        if (most == 0) {
            return new float[0];
        }
        toMeans(values, weights);
        float[] smooth = withPoints(points, values, weights);
        for (int i = 0; i < smooth.length; i++) {
            smooth[i] = (float) Math.min(most / NEARER, Math.max(least / FARTHER, smooth[i]));
        }
        return smooth;
    }

    /** Sums become means, counts weights of 0 or 1. */
    private static void toMeans(float[] sums, float[] counts) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= Math.max(1, counts[i]);
            counts[i] = counts[i] > 0 ? 1 : 0;
        }
    }

    /** The smooth surface through confirmed cells and, a little, through the sparse points that are not far from it. */
    private float[] withPoints(double[] points, float[] values, float[] weights) {
        float[] joins = joins();
        float[] smooth = SmoothContinuation.of(columns, rows, values, weights, joins, 1, STRETCHING);
        for (int round = 0; round < POINT_ROUNDS; round++) {
            float[] more = values.clone();
            float[] moreWeights = weights.clone();
            addPoints(points, more, moreWeights, smooth, round == 0 ? Double.POSITIVE_INFINITY : OUTLIER);
            smooth = SmoothContinuation.of(columns, rows, more, moreWeights, joins, 1, STRETCHING);
        }
        return smooth;
    }

    private void addPoints(double[] points, float[] values, float[] weights, float[] smooth, double most) {
        float[] sums = new float[values.length];
        int[] counts = new int[values.length];
        for (int i = 0; i < points.length; i += 3) {
            double z = points[i + 2];
            int to = z > 0
                    ? at(camera.fx() * points[i] / z + camera.cx(), camera.fy() * points[i + 1] / z + camera.cy())
                    : -1;
            if (to >= 0 && weights[to] == 0 && Math.abs(1 / z / smooth[to] - 1) < most) {
                sums[to] += (float) (1 / z);
                counts[to]++;
            }
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                values[i] = sums[i] / counts[i];
                weights[i] = Math.min(1, POINT_WEIGHT * counts[i]);
            }
        }
    }

    /** How closely each cell belongs to its right and its lower neighbour: inside the photo as far as colours agree. */
    private float[] joins() {
        int n = columns * rows;
        float[] joins = new float[2 * n];
        Arrays.fill(joins, 1);
        for (int i = 0; i < 2 * n; i++) {
            int from = i % n;
            int to = i < n ? from + 1 : from + columns;
            if (to < n && isInside(from) && isInside(to)) {
                double square = 0;
                for (float[] colour : colours) {
                    square += (colour[from] - colour[to]) * (colour[from] - colour[to]);
                }
                joins[i] = (float) Math.max(LEAST_JOIN, Math.exp(-square / (EDGE * EDGE)));
            }
        }
        return joins;
    }
}
