package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ranks the photos that may be registered next by how well they see a {@link Model} (next best view selection,
 * Sch&ouml;nberger and Frahm 2016, section 4.2).
 */
final class NextPhotos {

    /** The finest grid over a photo has two to this power cells along each side. */
    private static final int PYRAMID_LEVELS = 6;

    private final Model model;
    private final CorrespondenceGraph graph;

    NextPhotos(Model model) {
        this.model = model;
        graph = model.graph;
    }

    /** An unregistered photo, how many of its keypoints match the model and how many and how well spread they are. */
    record Candidate(int photo, int visible, long score) {

        /** Why the photo was not registered. */
        String tooFew(int inliers, int needed) {
            return inliers + " inliers to the model, " + needed + " needed (" + visible
                    + " of its keypoints match the model)";
        }
    }

    /**
     * Photos by how well they see the model, best first.
     *
     * @param available which photos may be registered at all
     * @param minVisible how many of a photo's keypoints must match the model
     */
    List<Candidate> ranked(boolean[] available, int minVisible) {
        List<Candidate> result = new ArrayList<>();
        for (int i = 0; i < graph.photos; i++) {
            if (available[i] && !model.isRegistered(i)) {
                Candidate candidate = judge(i);
                if (candidate.visible >= minVisible) {
                    result.add(candidate);
                }
            }
        }
        result.sort(Comparator.comparingLong((Candidate c) -> -c.score).thenComparingInt(c -> c.photo));
        return result;
    }

    /** How well a photo sees the model: the occupied cells of coarser and coarser grids, each grid's weighed by its own. */
    Candidate judge(int photo) {
        Camera camera = model.camera(photo);
        int cells = 1 << PYRAMID_LEVELS;
        boolean[] occupied = new boolean[cells * cells];
        int visible = 0;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            if (seesModel(k)) {
                visible++;
                int cx = (int) Math.max(0, Math.min(cells - 1, graph.pixels[2 * k] * cells / camera.width()));
                int cy = (int) Math.max(0, Math.min(cells - 1, graph.pixels[2 * k + 1] * cells / camera.height()));
                occupied[cy * cells + cx] = true;
            }
        }
        long score = 0;
        for (int size = cells; size > 1; size /= 2) {
            int count = 0;
            for (boolean cell : occupied) {
                count += cell ? 1 : 0;
            }
            score += (long) count * size * size;
            boolean[] coarser = new boolean[occupied.length / 4];
            for (int i = 0; i < occupied.length; i++) {
                coarser[(i / size / 2) * (size / 2) + (i % size) / 2] |= occupied[i];
            }
            occupied = coarser;
        }
        return new Candidate(photo, visible, score);
    }

    private boolean seesModel(int keypoint) {
        for (int e = graph.start[keypoint]; e < graph.start[keypoint + 1]; e++) {
            if (model.pointOf[graph.neighbour[e]] >= 0) {
                return true;
            }
        }
        return false;
    }
}
