package io.github.dinosplat.matching.sfm;

import java.util.Arrays;

/**
 * Makes, continues, merges and completes points of a {@link Model} from the matches of registered photos
 * (Sch&ouml;nberger and Frahm 2016, section 4.3).
 */
final class Triangulator {

    private static final int REFINEMENTS = 3;

    private final Model model;
    private final CorrespondenceGraph graph;
    private final double maxCos;

    private final double[] dirA = new double[3];
    private final double[] dirB = new double[3];
    private final double[] x = new double[3];
    private final double[] best = new double[3];
    private final double[] cam = new double[3];
    private final double[] pixel = new double[2];
    private final double[] dPoint = new double[6];
    private int[] candidates = new int[64];

    Triangulator(Model model, double minAngleDeg) {
        this.model = model;
        graph = model.graph;
        maxCos = Math.cos(Math.toRadians(minAngleDeg));
    }

    /**
     * Gives the unused keypoints of a registered photo points: existing ones where their matches have one, else new ones.
     *
     * @param maxError greatest reprojection error in pixels
     * @return observations added
     */
    int triangulate(int photo, double maxError) {
        double max2 = maxError * maxError;
        int added = 0;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            if (model.pointOf[k] < 0 && graph.start[k] < graph.start[k + 1]) {
                added += triangulateKeypoint(photo, k, max2);
            }
        }
        return added;
    }

    private int triangulateKeypoint(int photo, int k, double max2) {
        int count = 0;
        candidates[count++] = k;
        int bestPoint = -1;
        double bestError = max2;
        for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
            int other = graph.neighbour[e];
            int otherPhoto = graph.photoOf[other];
            if (!model.isRegistered(otherPhoto)) {
                continue;
            }
            int point = model.pointOf[other];
            if (point < 0) {
                if (!hasPhoto(count, otherPhoto)) {
                    if (count == candidates.length) {
                        candidates = Arrays.copyOf(candidates, 2 * count);
                    }
                    candidates[count++] = other;
                }
            } else if (point != bestPoint) {
                double error = model.squaredError(k, point);
                if (error < bestError && !model.observes(photo, point)) {
                    bestError = error;
                    bestPoint = point;
                }
            }
        }
        if (bestPoint >= 0) {
            model.addObservation(bestPoint, k);
            return 1;
        }
        return count < 2 ? 0 : create(count, max2);
    }

    /**
     * Makes a point of two keypoints that have none.
     *
     * @return whether their rays meet at a sufficient angle and within the error
     */
    boolean triangulatePair(int a, int b, double maxError) {
        candidates[0] = a;
        candidates[1] = b;
        return create(2, maxError * maxError) > 0;
    }

    private boolean hasPhoto(int count, int photo) {
        for (int i = 0; i < count; i++) {
            if (graph.photoOf[candidates[i]] == photo) {
                return true;
            }
        }
        return false;
    }

    /** Makes one point of the candidates: the pair of rays that most others agree with, refined on those. */
    private int create(int count, double max2) {
        int bestInliers = 1;
        double bestSum = Double.POSITIVE_INFINITY;
        // The first candidate is the new keypoint: pairs without it were tried when their photos were new.
        for (int j = 1; j < count; j++) {
            if (!intersect(candidates[0], candidates[j], max2)) {
                continue;
            }
            int inliers = 0;
            double sum = 0;
            for (int i = 0; i < count; i++) {
                double error = model.squaredError(candidates[i], x[0], x[1], x[2]);
                if (error < max2) {
                    inliers++;
                    sum += error;
                }
            }
            if (inliers > bestInliers || (inliers == bestInliers && sum < bestSum)) {
                bestInliers = inliers;
                bestSum = sum;
                System.arraycopy(x, 0, best, 0, 3);
            }
        }
        if (bestInliers < 2) {
            return 0;
        }
        System.arraycopy(best, 0, x, 0, 3);
        int inliers = 0;
        for (int i = 0; i < count; i++) {
            if (model.squaredError(candidates[i], x[0], x[1], x[2]) < max2) {
                candidates[inliers++] = candidates[i];
            }
        }
        if (!refine(candidates, inliers, max2)) {
            return 0;
        }
        model.createPoint(x[0], x[1], x[2], candidates, inliers);
        return inliers;
    }

    /**
     * Puts the midpoint of two rays in {@link #x}.
     *
     * @return whether the rays meet before both cameras at a sufficient angle and near both pixels
     */
    private boolean intersect(int a, int b, double max2) {
        model.direction(a, dirA);
        model.direction(b, dirB);
        int photoA = graph.photoOf[a];
        int photoB = graph.photoOf[b];
        double dot = dirA[0] * dirB[0] + dirA[1] * dirB[1] + dirA[2] * dirB[2];
        double bx = model.centre(photoB, 0) - model.centre(photoA, 0);
        double by = model.centre(photoB, 1) - model.centre(photoA, 1);
        double bz = model.centre(photoB, 2) - model.centre(photoA, 2);
        double da = bx * dirA[0] + by * dirA[1] + bz * dirA[2];
        double db = bx * dirB[0] + by * dirB[1] + bz * dirB[2];
        double det = 1 - dot * dot;
        if (dot > maxCos || det < 1e-12) {
            return false;
        }
        double s = (da - dot * db) / det;
        double t = (dot * da - db) / det;
        if (!(s > 0) || !(t > 0)) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            x[i] = 0.5 * (model.centre(photoA, i) + s * dirA[i] + model.centre(photoB, i) + t * dirB[i]);
        }
        return model.squaredError(a, x[0], x[1], x[2]) < max2 && model.squaredError(b, x[0], x[1], x[2]) < max2;
    }

    /** Gauss-Newton on the reprojection errors, from and to {@link #x}; false where it leaves an error too large. */
    private boolean refine(int[] keypoints, int count, double max2) {
        for (int iteration = 0; iteration < REFINEMENTS; iteration++) {
            NormalEquations equations = new NormalEquations();
            for (int i = 0; i < count; i++) {
                if (!addTo(equations, keypoints[i])) {
                    return false;
                }
            }
            if (!equations.step(x)) {
                return false;
            }
        }
        for (int i = 0; i < count; i++) {
            if (!(model.squaredError(keypoints[i], x[0], x[1], x[2]) < max2)) {
                return false;
            }
        }
        return true;
    }

    /** Adds a keypoint's reprojection error at {@link #x}; false where this is behind the camera. */
    private boolean addTo(NormalEquations equations, int keypoint) {
        int photo = graph.photoOf[keypoint];
        model.toCamera(photo, x[0], x[1], x[2], cam);
        if (!(cam[2] > 1e-9)) {
            return false;
        }
        model.camera(photo).project(cam[0], cam[1], cam[2], pixel, dPoint, null);
        for (int r = 0; r < 2; r++) {
            double jx = 0;
            double jy = 0;
            double jz = 0;
            for (int c = 0; c < 3; c++) {
                jx += dPoint[3 * r + c] * model.rotation(photo, c, 0);
                jy += dPoint[3 * r + c] * model.rotation(photo, c, 1);
                jz += dPoint[3 * r + c] * model.rotation(photo, c, 2);
            }
            equations.add(jx, jy, jz, graph.pixels[2 * keypoint + r] - pixel[r]);
        }
        return true;
    }

    /** The symmetric 3x3 system of one Gauss-Newton step of a point. */
    private static final class NormalEquations {
        private double xx;
        private double xy;
        private double xz;
        private double yy;
        private double yz;
        private double zz;
        private double gx;
        private double gy;
        private double gz;

        /** Adds a residual with its derivative by the point. */
        void add(double jx, double jy, double jz, double residual) {
            xx += jx * jx;
            xy += jx * jy;
            xz += jx * jz;
            yy += jy * jy;
            yz += jy * jz;
            zz += jz * jz;
            gx += jx * residual;
            gy += jy * residual;
            gz += jz * residual;
        }

        /** Moves the point to the minimum, by Cramer's rule; false where there is none. */
        boolean step(double[] point) {
            double cxx = yy * zz - yz * yz;
            double cxy = xz * yz - xy * zz;
            double cxz = xy * yz - xz * yy;
            double det = xx * cxx + xy * cxy + xz * cxz;
            if (!(det > 0)) {
                return false;
            }
            double cyy = xx * zz - xz * xz;
            double cyz = xy * xz - xx * yz;
            double czz = xx * yy - xy * xy;
            point[0] += (cxx * gx + cxy * gy + cxz * gz) / det;
            point[1] += (cxy * gx + cyy * gy + cyz * gz) / det;
            point[2] += (cxz * gx + cyz * gy + czz * gz) / det;
            return true;
        }
    }

    /**
     * Adds to the touched points the matches of their observations, transitively, and merges them with the points of their
     * matches.
     *
     * @return observations added or moved
     */
    int completeAndMerge(double maxError) {
        double max2 = maxError * maxError;
        int changed = 0;
        int slots = model.pointSlots();
        for (int p = 0; p < slots; p++) {
            if (model.isLive(p) && model.isTouched(p)) {
                changed += merge(p, max2);
                if (model.isLive(p)) {
                    changed += complete(p, max2);
                    model.setTouched(p, false);
                }
            }
        }
        return changed;
    }

    private int complete(int point, double max2) {
        int added = 0;
        // The track grows while it is walked: what is added brings its own matches.
        for (int i = 0; i < model.trackLength(point); i++) {
            int k = model.trackKeypoint(point, i);
            for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
                int other = graph.neighbour[e];
                int photo = graph.photoOf[other];
                if (model.pointOf[other] < 0
                        && model.isRegistered(photo)
                        && model.squaredError(other, point) < max2
                        && !model.observes(photo, point)) {
                    model.addObservation(point, other);
                    added++;
                }
            }
        }
        return added;
    }

    private int merge(int point, double max2) {
        int moved = 0;
        for (int i = 0; i < model.trackLength(point); i++) {
            int k = model.trackKeypoint(point, i);
            for (int e = graph.start[k]; e < graph.start[k + 1]; e++) {
                int other = model.pointOf[graph.neighbour[e]];
                if (other >= 0 && other != point && absorb(point, other, max2)) {
                    moved += model.trackLength(point) - i;
                    i = -1;
                    break;
                }
            }
        }
        return moved;
    }

    /** Makes one point of two when all their observations agree with it. */
    private boolean absorb(int point, int other, double max2) {
        int n = model.trackLength(point);
        int m = model.trackLength(other);
        if (candidates.length < n + m) {
            candidates = Arrays.copyOf(candidates, 2 * (n + m));
        }
        int count = 0;
        for (int i = 0; i < n; i++) {
            candidates[count++] = model.trackKeypoint(point, i);
        }
        for (int i = 0; i < m; i++) {
            int k = model.trackKeypoint(other, i);
            int twin = model.observationOf(graph.photoOf[k], point);
            if (twin < 0) {
                candidates[count++] = k;
            } else if (distance2(k, twin) > 4) {
                // Two places of one photo cannot be the same point; keypoints at one place (two orientations) can.
                return false;
            }
        }
        for (int c = 0; c < 3; c++) {
            x[c] = (n * model.coordinate(point, c) + m * model.coordinate(other, c)) / (n + m);
        }
        for (int i = 0; i < count; i++) {
            // Far-apart points cannot merge: spare the refinement.
            if (!(model.squaredError(candidates[i], x[0], x[1], x[2]) < 9 * max2)) {
                return false;
            }
        }
        if (!refine(candidates, count, max2)) {
            return false;
        }
        model.deletePoint(other);
        model.move(point, x[0], x[1], x[2]);
        for (int i = n; i < count; i++) {
            model.addObservation(point, candidates[i]);
        }
        return true;
    }

    private double distance2(int a, int b) {
        double dx = graph.pixels[2 * a] - graph.pixels[2 * b];
        double dy = graph.pixels[2 * a + 1] - graph.pixels[2 * b + 1];
        return dx * dx + dy * dy;
    }

    /**
     * Removes observations with a large error and points without an angle.
     *
     * @return observations removed
     */
    int filter(double maxError) {
        double max2 = maxError * maxError;
        int removed = 0;
        for (int p = 0; p < model.pointSlots(); p++) {
            if (!model.isLive(p)) {
                continue;
            }
            int before = model.trackLength(p);
            for (int i = before - 1; i >= 0 && model.isLive(p); i--) {
                int k = model.trackKeypoint(p, i);
                if (!(model.squaredError(k, p) < max2)) {
                    model.removeObservation(k);
                }
            }
            if (model.isLive(p) && !model.hasAngle(p, maxCos)) {
                model.deletePoint(p);
            }
            removed += before - model.trackLength(p);
        }
        return removed;
    }
}
