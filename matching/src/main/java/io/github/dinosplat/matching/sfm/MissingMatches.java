package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Arrays;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * Measures what speaks against a photo's pose: parts of the picture where photos from nearby see points of the model and this
 * photo has no match for them, while it matches well elsewhere. That is how it looks when a photo was put in a wrong place
 * because one part of the scene looks like another. At a front of equal bays, for instance, the next bay matches, the ground
 * before it does not (Zach, Irschara and Bischof, "What Can Missing Correspondences Tell Us About 3D Structure and Motion?",
 * CVPR 2008, who ask the same of triplets).
 *
 * <p>A missing point counts the more, the more of the other photos from nearby that have it in view do see it: what they miss as
 * well, behind an edge or out of focus, is no surprise here.
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

    /** What is known of a point: it has a match in the photo, it was counted. */
    private static final byte MATCHED = 1;

    private static final byte COUNTED = 2;

    private final Model model;
    private final CorrespondenceGraph graph;
    /** Points that a cell ought to match, since photos from nearby see them there. */
    private final int[] expected = new int[CELLS * CELLS];
    /** How many of these it does match. */
    private final int[] matched = new int[CELLS * CELLS];
    /** Points that agree in a cell though only photos from farther aside see them. */
    private final int[] others = new int[CELLS * CELLS];
    /** The photos that the photo has matches with, of those that are registered. */
    private final boolean[] partners;

    private final double[] pixel = new double[2];

    MissingMatches(Model model) {
        this.model = model;
        graph = model.graph;
        partners = new boolean[graph.photos];
    }

    /**
     * How much is missing. Points that only photos from farther aside see count as well where they agree: a photo between two
     * clusters of others matches little of what is expected of it and much that is not, and where something near hides the
     * background its own points stand in that one's cells.
     *
     * @param photo a photo that is not registered
     * @param camera its camera
     * @param pose where it may be
     * @param agreeing points that its matches see there
     * @return share of the points that it matches or ought to match that lie where it has next to no matches; 0 where too few
     *     are to be expected
     */
    double share(int photo, Camera camera, Rigid3 pose, int[] agreeing) {
        Arrays.fill(expected, 0);
        Arrays.fill(matched, 0);
        Arrays.fill(others, 0);
        byte[] known = matches(photo);
        int[] lackedIn = new int[model.pointSlots()];
        Arrays.fill(lackedIn, -1);
        for (int i = 0; i < graph.photos; i++) {
            if (partners[i]) {
                count(i, camera, pose, known, lackedIn);
            }
        }
        for (int point : agreeing) {
            int cell = known[point] == COUNTED ? -1 : cell(camera, pose.transform(place(point)));
            if (cell >= 0) {
                others[cell]++;
                known[point] = COUNTED;
            }
        }
        return missing(lackedIn, pose.targetOriginInSource());
    }

    /** Sets the partners of a photo and tells which points it has any match for. */
    private byte[] matches(int photo) {
        Arrays.fill(partners, false);
        byte[] known = new byte[model.pointSlots()];
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
                int other = graph.neighbour[e];
                int partner = graph.photoOf[other];
                partners[partner] = model.isRegistered(partner);
                if (model.pointOf[other] >= 0) {
                    known[model.pointOf[other]] = MATCHED;
                }
            }
        }
        return known;
    }

    /** Counts the points of another photo that this one ought to see, too. */
    private void count(int other, Camera camera, Rigid3 pose, byte[] known, int[] lackedIn) {
        Vector3dc centre = pose.targetOriginInSource();
        for (int k = graph.first[other]; k < graph.first[other + 1]; k++) {
            int point = model.pointOf[k];
            if (point < 0 || known[point] == COUNTED || !isNear(other, place(point), centre)) {
                continue;
            }
            int cell = cell(camera, pose.transform(place(point)));
            if (cell >= 0) {
                expected[cell]++;
                if (known[point] == MATCHED) {
                    matched[cell]++;
                } else {
                    lackedIn[point] = cell;
                }
                known[point] = COUNTED;
            }
        }
    }

    /** Whether a photo sees a place from about the same direction and distance as from a centre. */
    private boolean isNear(int photo, Vector3dc place, Vector3dc centre) {
        Vector3d here = place.sub(centre, new Vector3d());
        Vector3d there = new Vector3d(
                place.x() - model.centre(photo, 0),
                place.y() - model.centre(photo, 1),
                place.z() - model.centre(photo, 2));
        double near = here.length();
        double far = there.length();
        return here.dot(there) >= NEAR_COS * near * far && near <= NEAR_SCALE * far && far <= NEAR_SCALE * near;
    }

    /**
     * How surely a photo at a centre ought to see a point: of the partners nearby that have it in view, the share that sees it,
     * without one that does.
     *
     * @return 0 to 1; 0 where a single partner tells
     */
    private double certainty(int point, Vector3dc centre) {
        Vector3d place = place(point);
        int inView = 0;
        int seeing = 0;
        for (int i = 0; i < graph.photos; i++) {
            if (partners[i] && isNear(i, place, centre)) {
                boolean sees = model.observes(i, point);
                seeing += sees ? 1 : 0;
                inView += sees || cell(model.camera(i), model.pose(i).transform(place)) >= 0 ? 1 : 0;
            }
        }
        return inView < 2 ? 0 : (seeing - 1.0) / (inView - 1);
    }

    private Vector3d place(int point) {
        return new Vector3d(model.coordinate(point, 0), model.coordinate(point, 1), model.coordinate(point, 2));
    }

    /** The cell that shows a point, -1 where it is out of view. */
    private int cell(Camera camera, Vector3d inCamera) {
        if (!(inCamera.z > 0)) {
            return -1;
        }
        camera.project(inCamera.x, inCamera.y, inCamera.z, pixel, null, null);
        int column = (int) Math.floor(pixel[0] * CELLS / camera.width());
        int row = (int) Math.floor(pixel[1] * CELLS / camera.height());
        return column >= 0 && row >= 0 && column < CELLS && row < CELLS ? row * CELLS + column : -1;
    }

    private double missing(int[] lackedIn, Vector3dc centre) {
        int all = Arrays.stream(expected).sum();
        if (all < LEAST) {
            return 0;
        }
        double usual = upperQuartile(all);
        double missing = 0;
        for (int p = 0; p < lackedIn.length; p++) {
            int c = lackedIn[p];
            if (c >= 0 && expected[c] >= LEAST_IN_CELL && matched[c] + others[c] <= MISSING * usual * expected[c]) {
                missing += certainty(p, centre);
            }
        }
        return missing / (all + Arrays.stream(others).sum());
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
