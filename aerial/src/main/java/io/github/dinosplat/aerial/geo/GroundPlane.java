package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.ScenePoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** The plane through most of the sparse points of photos that look down. */
final class GroundPlane {

    private static final int MAX_POINTS = 5_000;
    private static final int SAMPLES = 500;
    /** A point belongs to the ground when it is this near, in parts of the flying height. */
    private static final double NEARNESS = 0.02;
    /** Ground has at least this share of the points; less is no flat ground. */
    private static final double MIN_SHARE = 0.4;

    private static final double MAX_ANGLE_TO_VIEW = Math.toRadians(30);

    private GroundPlane() {}

    /**
     * The ground's normal.
     *
     * @param points sparse points
     * @param meanCentre mean camera centre
     * @param roughUp unit vector against the mean viewing direction
     * @param seed seed of the samples
     * @return unit normal on the cameras' side, or empty where no plane holds enough points
     */
    static Optional<Vector3d> normal(ScenePoints points, Vector3dc meanCentre, Vector3dc roughUp, long seed) {
        List<Vector3d> sample = new ArrayList<>();
        int stride = Math.max(1, points.count() / MAX_POINTS);
        for (int i = 0; i < points.count(); i += stride) {
            sample.add(points.position(i));
        }
        if (sample.size() < 30) {
            return Optional.empty();
        }
        double[] below = sample.stream()
                .mapToDouble(p -> new Vector3d(meanCentre).sub(p).dot(roughUp))
                .sorted()
                .toArray();
        double near = NEARNESS * below[below.length / 2];
        if (!(near > 0)) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(seed);
        Vector3d best = new Vector3d();
        Vector3d bestOnPlane = new Vector3d();
        double bestCost = Double.POSITIVE_INFINITY;
        for (int s = 0; s < SAMPLES; s++) {
            Vector3d a = sample.get(random.nextInt(sample.size()));
            Vector3d b = sample.get(random.nextInt(sample.size()));
            Vector3d c = sample.get(random.nextInt(sample.size()));
            Vector3d n = new Vector3d(b).sub(a).cross(new Vector3d(c).sub(a)).normalize();
            if (!n.isFinite() || Math.abs(n.dot(roughUp)) < Math.cos(MAX_ANGLE_TO_VIEW)) {
                continue;
            }
            double cost = 0;
            for (Vector3d p : sample) {
                double d = new Vector3d(p).sub(a).dot(n);
                cost += Math.min(d * d, near * near);
            }
            if (cost < bestCost) {
                bestCost = cost;
                best = n;
                bestOnPlane = a;
            }
        }
        return bestCost < Double.POSITIVE_INFINITY
                ? refined(sample, best, bestOnPlane, near, roughUp)
                : Optional.empty();
    }

    private static Optional<Vector3d> refined(
            List<Vector3d> sample, Vector3d normal, Vector3d onPlane, double near, Vector3dc roughUp) {
        Vector3d n = new Vector3d(normal);
        Vector3d origin = new Vector3d(onPlane);
        List<Vector3d> ground = List.of();
        for (int iteration = 0; iteration < 5; iteration++) {
            ground = sample.stream()
                    .filter(p -> Math.abs(new Vector3d(p).sub(origin).dot(n)) < near)
                    .toList();
            if (ground.size() < MIN_SHARE * sample.size()) {
                return Optional.empty();
            }
            origin.set(CameraAttitudes.meanOf(ground));
            n.set(SymmetricEigen.of(CameraAttitudes.covariance(ground.toArray(Vector3d[]::new)))
                    .vectors()[0]);
        }
        return Optional.of(n.dot(roughUp) < 0 ? n.negate() : n);
    }
}
