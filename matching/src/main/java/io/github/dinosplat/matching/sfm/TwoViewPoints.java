package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import java.util.Arrays;

/**
 * Points that no third photo confirms, whether it does not know or has another opinion, once cameras and poses are final.
 * Photos with plenty of others keep them for what only two photos see: where either has a point nearby already, they would
 * add little but doubt. They are held to stricter gates than others, since with one measurement more than unknowns a wrong
 * match looks right one time in many.
 */
final class TwoViewPoints {

    /**
     * Cells along the longer side of a photo; a point counts as near within its cell. On fountain-P11, Herz-Jesu-P8 and fox 64
     * cells give 9, 12 and 14 % more points than none at tracks 5, 6 and 9 % shorter; 96 cells 13, 21 and 22 % at 7, 9 and 13 %.
     */
    private static final int CELLS = 64;
    /** Smallest angle over that of other points. */
    private static final double ANGLE_FACTOR = 2;

    private final Model model;
    private final CorrespondenceGraph graph;
    private final double maxError;
    private final int[] pairs;
    private final boolean[][] occupied;

    private TwoViewPoints(Model model) {
        this.model = model;
        graph = model.graph;
        maxError = rootMeanSquareError();
        pairs = takeOut();
        occupied = new boolean[graph.photos][];
        for (int i = 0; i < graph.photos; i++) {
            occupied[i] = new boolean[CELLS * CELLS];
            for (int k = graph.first[i]; k < graph.first[i + 1]; k++) {
                if (model.pointOf[k] >= 0) {
                    occupied[i][cell(k)] = true;
                }
            }
        }
    }

    /**
     * Adds points from matches that were left out of the graph and takes away those that do not meet the gates.
     *
     * @param model whose poses are final
     * @param minAngleDeg smallest angle between the rays of other points
     */
    static void choose(Model model, double minAngleDeg) {
        new TwoViewPoints(model).add(new Triangulator(model, ANGLE_FACTOR * minAngleDeg));
    }

    private void add(Triangulator triangulator) {
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

    /** Deletes points of two rich photos; returns their keypoints and those of the matches that were left out, two by two. */
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
                }
            }
        }
        return Arrays.copyOf(found, count);
    }

    private boolean isOccupied(int keypoint) {
        return occupied[graph.photoOf[keypoint]][cell(keypoint)];
    }

    private int cell(int keypoint) {
        Camera camera = model.camera(graph.photoOf[keypoint]);
        double size = Math.max(camera.width(), camera.height()) / (double) CELLS;
        int column = (int) Math.max(0, Math.min(CELLS - 1, graph.pixels[2 * keypoint] / size));
        int row = (int) Math.max(0, Math.min(CELLS - 1, graph.pixels[2 * keypoint + 1] / size));
        return CELLS * row + column;
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
