package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.Similarity3;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Similarities between matching points: plain least squares, or robust ones that take the best of many minimal samples
 * under a truncated squared error and then least squares with Geman-McClure weights.
 */
public final class SimilarityFit {

    /** Samples drawn; with half of the points wrong, 500 triples miss a clean one with probability below 1e-28. */
    private static final int SAMPLES = 500;

    private static final int REFINEMENTS = 30;
    /** An error beyond this many sigmas counts no more than one of as many. */
    private static final double LIMIT_SIGMAS = 3;

    private SimilarityFit() {}

    /**
     * The similarity with the least sum of squared distances.
     *
     * @param source points in the source frame
     * @param target the same points in the target frame, in the same order
     * @return {@code targetFromSource}, or empty when the points are fewer than three or lie on one line
     * @throws IllegalArgumentException if the lists differ in length
     */
    public static Optional<Similarity3> leastSquares(List<Vector3d> source, List<Vector3d> target) {
        if (source.size() != target.size()) {
            throw new IllegalArgumentException(
                    "expected as many target as source points but were " + source.size() + " and " + target.size());
        }
        double[] weights = new double[source.size()];
        Arrays.fill(weights, 1);
        return source.size() < 3
                ? Optional.empty()
                : new Spatial(source.toArray(Vector3d[]::new), target.toArray(Vector3d[]::new)).fit(weights);
    }

    /**
     * The similarity of all axes.
     *
     * @param source points in the source frame
     * @param target the same points in the target frame
     * @param sigma usual error of a target point
     * @param seed seed of the samples
     * @return the similarity, or empty when the points are too few or lie on one line
     */
    static Optional<Similarity3> robust3d(Vector3d[] source, Vector3d[] target, double sigma, long seed) {
        return robust(new Spatial(source, target), source.length, sigma, seed);
    }

    /**
     * The similarity whose rotation is about z only, from horizontal positions; its vertical shift is left at 0.
     *
     * @param source points in the source frame, whose z axis is up already
     * @param target the same points in the target frame
     * @param sigma usual error of a target point
     * @param seed seed of the samples
     * @return the similarity, or empty when the points are too few or coincide
     */
    static Optional<Similarity3> robustHorizontal(Vector3d[] source, Vector3d[] target, double sigma, long seed) {
        return robust(new Horizontal(source, target), source.length, sigma, seed);
    }

    /** A kind of similarity: how it follows from weighted points, from how few, and what counts as an error. */
    private interface Kind {

        int sampleSize();

        Optional<Similarity3> fit(double[] weights);

        /** Squared distance between a target point and where a similarity puts its source point. */
        double squaredError(Similarity3 fit, int point);
    }

    private static Optional<Similarity3> robust(Kind kind, int n, double sigma, long seed) {
        double limit2 = Math.pow(LIMIT_SIGMAS, 2) * sigma * sigma;
        return n < kind.sampleSize()
                ? Optional.empty()
                : bestOfSamples(kind, n, limit2, new SplittableRandom(seed))
                        .map(best -> reweighted(kind, n, limit2, best));
    }

    /** The similarity through a minimal sample with the least sum of squared errors, each of them limited. */
    private static Optional<Similarity3> bestOfSamples(Kind kind, int n, double limit2, SplittableRandom random) {
        Optional<Similarity3> best = Optional.empty();
        double bestCost = Double.POSITIVE_INFINITY;
        for (int s = 0; s < SAMPLES; s++) {
            Optional<Similarity3> candidate = kind.fit(sample(n, kind.sampleSize(), random));
            if (candidate.isPresent()) {
                double cost = 0;
                for (int i = 0; i < n; i++) {
                    cost += Math.min(kind.squaredError(candidate.get(), i), limit2);
                }
                if (cost < bestCost) {
                    bestCost = cost;
                    best = candidate;
                }
            }
        }
        return best;
    }

    /** Weights of 1 for some different points, 0 for the others. */
    private static double[] sample(int n, int size, SplittableRandom random) {
        double[] weights = new double[n];
        for (int k = 0; k < size; k++) {
            int i = random.nextInt(n);
            while (weights[i] != 0) {
                i = (i + 1) % n;
            }
            weights[i] = 1;
        }
        return weights;
    }

    /** Iteratively reweighted least squares with Geman-McClure weights. */
    private static Similarity3 reweighted(Kind kind, int n, double limit2, Similarity3 start) {
        Similarity3 best = start;
        for (int iteration = 0; iteration < REFINEMENTS; iteration++) {
            double[] weights = new double[n];
            for (int i = 0; i < n; i++) {
                double e = kind.squaredError(best, i) / limit2;
                weights[i] = 1 / ((1 + e) * (1 + e));
            }
            Optional<Similarity3> refined = kind.fit(weights);
            if (refined.isEmpty()) {
                break;
            }
            best = refined.get();
        }
        return best;
    }

    /** Rotation about any axis, scale and shift. */
    private record Spatial(Vector3d[] source, Vector3d[] target) implements Kind {

        @Override
        public int sampleSize() {
            return 3;
        }

        /**
         * Weighted least squares over rotation, scale and shift (Horn 1987, "Closed-form solution of absolute orientation
         * using unit quaternions"; scale by Umeyama 1991, eq. 42).
         */
        @Override
        public Optional<Similarity3> fit(double[] weights) {
            Vector3d meanSource = mean(source, weights);
            Vector3d meanTarget = mean(target, weights);
            double[][] m = new double[3][3];
            double[][] scatter = new double[3][3];
            for (int i = 0; i < source.length; i++) {
                Vector3d a = new Vector3d(source[i]).sub(meanSource);
                Vector3d b = new Vector3d(target[i]).sub(meanTarget);
                for (int r = 0; r < 3; r++) {
                    for (int c = 0; c < 3; c++) {
                        m[r][c] += weights[i] * a.get(r) * b.get(c);
                        scatter[r][c] += weights[i] * a.get(r) * a.get(c);
                    }
                }
            }
            double[] spread = SymmetricEigen.of(scatter).values();
            if (!(spread[1] > 1e-6 * spread[2])) {
                return Optional.empty();
            }
            double[][] n = {
                {m[0][0] + m[1][1] + m[2][2], m[1][2] - m[2][1], m[2][0] - m[0][2], m[0][1] - m[1][0]},
                {m[1][2] - m[2][1], m[0][0] - m[1][1] - m[2][2], m[0][1] + m[1][0], m[2][0] + m[0][2]},
                {m[2][0] - m[0][2], m[0][1] + m[1][0], -m[0][0] + m[1][1] - m[2][2], m[1][2] + m[2][1]},
                {m[0][1] - m[1][0], m[2][0] + m[0][2], m[1][2] + m[2][1], -m[0][0] - m[1][1] + m[2][2]}
            };
            SymmetricEigen eigen = SymmetricEigen.of(n);
            double[] q = eigen.vectors()[3];
            double scale = eigen.values()[3] / (spread[0] + spread[1] + spread[2]);
            return shifted(scale, new Quaterniond(q[1], q[2], q[3], q[0]), meanSource, meanTarget);
        }

        @Override
        public double squaredError(Similarity3 fit, int point) {
            Vector3d d = fit.transform(source[point]).sub(target[point]);
            return d.x * d.x + d.y * d.y + d.z * d.z;
        }
    }

    /** Rotation about z, scale and horizontal shift; heights do not count. */
    private record Horizontal(Vector3d[] source, Vector3d[] target) implements Kind {

        @Override
        public int sampleSize() {
            return 2;
        }

        /** Weighted least squares over heading, scale and horizontal shift. */
        @Override
        public Optional<Similarity3> fit(double[] weights) {
            Vector3d meanSource = mean(source, weights);
            Vector3d meanTarget = mean(target, weights);
            double dot = 0;
            double cross = 0;
            double norm = 0;
            for (int i = 0; i < source.length; i++) {
                double ax = source[i].x - meanSource.x;
                double ay = source[i].y - meanSource.y;
                double bx = target[i].x - meanTarget.x;
                double by = target[i].y - meanTarget.y;
                dot += weights[i] * (ax * bx + ay * by);
                cross += weights[i] * (ax * by - ay * bx);
                norm += weights[i] * (ax * ax + ay * ay);
            }
            meanSource.z = 0;
            meanTarget.z = 0;
            return shifted(
                    Math.hypot(dot, cross) / norm,
                    new Quaterniond().rotationZ(Math.atan2(cross, dot)),
                    meanSource,
                    meanTarget);
        }

        @Override
        public double squaredError(Similarity3 fit, int point) {
            Vector3d d = fit.transform(source[point]).sub(target[point]);
            return d.x * d.x + d.y * d.y;
        }
    }

    private static Optional<Similarity3> shifted(double scale, Quaterniond rotation, Vector3d from, Vector3d to) {
        if (!(scale > 0) || !Double.isFinite(scale)) {
            return Optional.empty();
        }
        Vector3d shift = rotation.transform(from, new Vector3d()).mul(-scale).add(to);
        return Optional.of(new Similarity3(scale, rotation, shift));
    }

    private static Vector3d mean(Vector3d[] points, double[] weights) {
        Vector3d sum = new Vector3d();
        double total = 0;
        for (int i = 0; i < points.length; i++) {
            sum.fma(weights[i], points[i]);
            total += weights[i];
        }
        return sum.div(total);
    }
}
