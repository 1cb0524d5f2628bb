package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * What speaks against a photo's place: parts of the picture where photos from nearby see points of the model and the photo has
 * no match for them, while elsewhere it matches well. So it is where a photo was put by the likeness of one part of the scene
 * to another, a repeated front for instance: the front's next bay matches, the ground before it does not (Zach, Irschara and
 * Bischof, "What Can Missing Correspondences Tell Us About 3D Structure and Motion?", CVPR 2008, who ask the same of triplets).
 */
final class MissingMatches {

    /** Cells along each side of the picture. */
    private static final int CELLS = 6;
    /** Points that a cell needs to say anything. */
    private static final int LEAST_IN_CELL = 8;
    /** Points that a picture needs to say anything. */
    private static final int LEAST = 50;
    /** A cell misses its matches where it has this share of what is usual in the picture, or less. */
    private static final double MISSING = 0.1;
    /** Cosine of the greatest angle between the rays of two photos that must see the same. */
    private static final double NEAR_COS = Math.cos(Math.toRadians(10));
    /** Greatest ratio of their distances. */
    private static final double NEAR_SCALE = 1.4;

    private final Model model;
    private final CorrespondenceGraph graph;
    private final int[] expected = new int[CELLS * CELLS];
    private final int[] matched = new int[CELLS * CELLS];

    MissingMatches(Model model) {
        this.model = model;
        graph = model.graph;
    }

    /**
     * How much is missing.
     *
     * @param photo a photo that is not registered
     * @param camera its camera
     * @param pose where it may be
     * @return share of the points to be expected in the photo that lie where it has next to no matches; 0 where too few are to
     *     be expected
     */
    double share(int photo, Camera camera, Rigid3 pose) {
        Arrays.fill(expected, 0);
        Arrays.fill(matched, 0);
        boolean[] partners = new boolean[graph.photos];
        // What is known of a point: 1 it has a match in the photo, 2 it was counted.
        byte[] known = new byte[model.pointSlots()];
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
                int other = graph.neighbour[e];
                partners[graph.photoOf[other]] = true;
                if (model.pointOf[other] >= 0) {
                    known[model.pointOf[other]] = 1;
                }
            }
        }
        for (int i = 0; i < graph.photos; i++) {
            if (partners[i] && model.isRegistered(i)) {
                count(i, camera, pose, known);
            }
        }
        return missing();
    }

    /** Counts the points of another photo that this one ought to see, too. */
    private void count(int other, Camera camera, Rigid3 pose, byte[] known) {
        Vector3dc centre = pose.targetOriginInSource();
        Vector3d place = new Vector3d();
        Vector3d here = new Vector3d();
        Vector3d there = new Vector3d();
        double[] pixel = new double[2];
        for (int k = graph.first[other]; k < graph.first[other + 1]; k++) {
            int point = model.pointOf[k];
            if (point < 0 || known[point] > 1) {
                continue;
            }
            place.set(model.coordinate(point, 0), model.coordinate(point, 1), model.coordinate(point, 2));
            place.sub(centre, here);
            there.set(
                    place.x - model.centre(other, 0),
                    place.y - model.centre(other, 1),
                    place.z - model.centre(other, 2));
            double near = here.length();
            double far = there.length();
            if (here.dot(there) < NEAR_COS * near * far || near > NEAR_SCALE * far || far > NEAR_SCALE * near) {
                continue;
            }
            Vector3d inCamera = pose.transform(place);
            if (inCamera.z > 0) {
                camera.project(inCamera.x, inCamera.y, inCamera.z, pixel, null, null);
                int column = (int) Math.floor(pixel[0] * CELLS / camera.width());
                int row = (int) Math.floor(pixel[1] * CELLS / camera.height());
                if (column >= 0 && row >= 0 && column < CELLS && row < CELLS) {
                    expected[row * CELLS + column]++;
                    matched[row * CELLS + column] += known[point];
                    known[point] = 2;
                }
            }
        }
    }

    private double missing() {
        int all = Arrays.stream(expected).sum();
        if (all < LEAST) {
            return 0;
        }
        double usual = upperQuartile(all);
        int missing = 0;
        for (int c = 0; c < expected.length; c++) {
            if (expected[c] >= LEAST_IN_CELL && matched[c] <= MISSING * usual * expected[c]) {
                missing += expected[c];
            }
        }
        return (double) missing / all;
    }

    /** The share of matches that a quarter of the points have in their cells, or more. */
    private double upperQuartile(int all) {
        Integer[] order = new Integer[expected.length];
        Arrays.setAll(order, c -> c);
        Arrays.sort(order, (a, b) -> Double.compare(rate(b), rate(a)));
        int seen = 0;
        for (int c : order) {
            seen += expected[c];
            if (4 * seen >= all) {
                return rate(c);
            }
        }
        return 0;
    }

    private double rate(int cell) {
        return expected[cell] == 0 ? 0 : (double) matched[cell] / expected[cell];
    }
}
