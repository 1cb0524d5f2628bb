package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import java.util.Arrays;

/**
 * Decides which points of two photos only stay in a model, once cameras and poses are final. They are kept for what no third
 * photo sees: where either photo has a point of three photos nearby they would add little but doubt. Where both photos have
 * plenty of points, they are held to stricter limits than other points: two observations are four measurements for three
 * unknowns, so a wrong match looks right one time in many.
 */
final class TwoViewPoints {

    /** Smallest angle over that of other points. */
    private static final double ANGLE_FACTOR = 2;

    private final Model model;
    private final CorrespondenceGraph graph;
    private final double maxError;
    /** Which cells of each photo have a point of three photos; a cell is as large as the photo's area for each such point. */
    private final boolean[][] occupied;

    private final double[] cellSize;
    private final int[] columns;

    private TwoViewPoints(Model model) {
        this.model = model;
        graph = model.graph;
        maxError = rootMeanSquareError();
        occupied = new boolean[graph.photos][];
        cellSize = new double[graph.photos];
        columns = new int[graph.photos];
        for (int i = 0; i < graph.photos; i++) {
            Camera camera = model.camera(i);
            int confirmed = 0;
            for (int k = graph.first[i]; k < graph.first[i + 1]; k++) {
                confirmed += isConfirmed(k) ? 1 : 0;
            }
            cellSize[i] = Math.sqrt((double) camera.width() * camera.height() / Math.max(1, confirmed));
            columns[i] = 1 + (int) (camera.width() / cellSize[i]);
            occupied[i] = new boolean[columns[i] * (1 + (int) (camera.height() / cellSize[i]))];
            for (int k = graph.first[i]; k < graph.first[i + 1]; k++) {
                if (isConfirmed(k)) {
                    occupied[i][cell(k)] = true;
                }
            }
        }
    }

    private boolean isConfirmed(int keypoint) {
        int point = model.pointOf[keypoint];
        return point >= 0 && model.trackLength(point) > 2;
    }

    /**
     * Adds points from matches that were left out of the graph and takes away those that do not meet the limits.
     *
     * @param model whose poses are final
     * @param minAngleDeg smallest angle between the rays of other points
     */
    static void choose(Model model, double minAngleDeg) {
        new TwoViewPoints(model).add(new Triangulator(model, ANGLE_FACTOR * minAngleDeg));
    }

    private void add(Triangulator triangulator) {
        int[] pairs = takeOut();
        for (int i = 0; i < pairs.length; i += 2) {
            int a = pairs[i];
            int b = pairs[i + 1];
            if (model.isRegistered(graph.photoOf[a])
                    && model.isRegistered(graph.photoOf[b])
                    && !isOccupied(a)
                    && !isOccupied(b)) {
                triangulator.triangulatePair(a, b, maxError);
            }
        }
    }

    /**
     * Deletes points of two rich photos, and of others where there are better ones.
     *
     * @return the keypoints of the former and of the matches that were left out, two by two
     */
    private int[] takeOut() {
        int[] found = Arrays.copyOf(graph.leftOut, graph.leftOut.length + 2 * model.livePoints());
        int count = graph.leftOut.length;
        for (int p = 0; p < model.pointSlots(); p++) {
            if (model.trackLength(p) == 2) {
                int a = model.trackKeypoint(p, 0);
                int b = model.trackKeypoint(p, 1);
                if (graph.rich[graph.photoOf[a]] && graph.rich[graph.photoOf[b]]) {
                    model.deletePoint(p);
                    found[count++] = a;
                    found[count++] = b;
                } else if (isOccupied(a) || isOccupied(b)) {
                    model.deletePoint(p);
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean isOccupied(int keypoint) {
        return occupied[graph.photoOf[keypoint]][cell(keypoint)];
    }

    private int cell(int keypoint) {
        int photo = graph.photoOf[keypoint];
        int rows = occupied[photo].length / columns[photo];
        int column = (int) (graph.pixels[2 * keypoint] / cellSize[photo]);
        int row = (int) (graph.pixels[2 * keypoint + 1] / cellSize[photo]);
        return columns[photo] * Math.max(0, Math.min(rows - 1, row))
                + Math.max(0, Math.min(columns[photo] - 1, column));
    }

    private double rootMeanSquareError() {
        double sum = 0;
        for (int p = 0; p < model.pointSlots(); p++) {
            for (int i = 0; i < model.trackLength(p); i++) {
                sum += model.squaredError(model.trackKeypoint(p, i), p);
            }
        }
        return Math.sqrt(sum / Math.max(1, model.observationCount()));
    }
}
