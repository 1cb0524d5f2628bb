package io.github.dinosplat.matching.adjust;

import io.github.dinosplat.scene.Camera;
import java.util.Arrays;
import java.util.Optional;

/**
 * Bundle adjustment by the Levenberg-Marquardt method: the points are eliminated (Schur complement), the reduced system
 * of poses and intrinsics is solved by Cholesky factorisation or, when large, by conjugate gradients. Derivatives are
 * analytic. Sources: Triggs et al., "Bundle Adjustment: A Modern Synthesis", 2000; the damping follows Nielsen, "Damping
 * Parameter in Marquardt's Method", 1999.
 *
 * <p>A free gauge is fine: the damping keeps the system solvable. The work is split over the fork-join pool that the
 * caller runs in (the common pool otherwise); the result has the same bits for any number of threads.
 */
public final class BundleAdjustment {

    private static final double INITIAL_DAMPING = 1e-4;
    private static final double MIN_DAMPING = 1e-10;
    private static final double MAX_DAMPING = 1e12;
    private static final double GRADIENT_TOLERANCE = 1e-9;
    /** A step that promises less than this share of the decrease that ends the work is not worth another. */
    private static final double LEAST_PROMISE = 1e-3;

    private final BundleProblem problem;
    private final AdjustmentOptions options;
    private final Layout layout;
    private final Linearization linearization;
    private final NormalEquations equations;
    private final ReducedSystem reduced;
    /** Steps of poses and intrinsics, and of points [n, 3], that were solved last. */
    private final double[] step;

    private final double[] pointStep;

    private BundleAdjustment(BundleProblem problem, AdjustmentOptions options) {
        this.problem = problem;
        this.options = options;
        layout = new Layout(problem);
        linearization = new Linearization(layout);
        equations = new NormalEquations(layout, linearization);
        reduced = layout.unknowns <= options.denseLimit()
                ? new DenseReducedSystem(equations)
                : new IterativeReducedSystem(equations);
        step = new double[layout.unknowns];
        pointStep = new double[3 * problem.pointCount];
    }

    /**
     * Refines a problem in place.
     *
     * @param problem cameras, poses and points; holds the refined values afterwards
     * @param options how
     * @return what was done; the cost never rises
     */
    public static AdjustmentReport adjust(BundleProblem problem, AdjustmentOptions options) {
        return new BundleAdjustment(problem, options).run();
    }

    private AdjustmentReport run() {
        double initial = cost(problem.cameras, problem.poses, problem.points);
        double cost = initial;
        Damping damping = new Damping();
        boolean converged = false;
        boolean stale = true;
        int iterations = 0;
        int accepted = 0;
        while (iterations < options.maxIterations() && !converged && damping.lambda < MAX_DAMPING) {
            iterations++;
            if (stale) {
                linearization.compute(options.loss());
                equations.compute();
                stale = false;
                if (equations.maxGradient() < GRADIENT_TOLERANCE) {
                    converged = true;
                    break;
                }
            }
            Optional<Step> step = solve(damping.lambda);
            converged = step.isPresent() && step.get().promised <= LEAST_PROMISE * options.relativeTolerance() * cost;
            if (step.isPresent() && step.get().cost < cost) {
                double decrease = cost - step.get().cost;
                converged |= decrease <= options.relativeTolerance() * cost;
                step.get().trial.accept(problem);
                damping.lower(decrease / step.get().promised);
                cost = step.get().cost;
                accepted++;
                stale = true;
            } else {
                damping.raise();
            }
        }
        return new AdjustmentReport(initial, cost, iterations, accepted, converged, problem.observationCount);
    }

    /** Where a step leads, by how much the linear model says that the cost falls, and the cost there; infinite where it leads astray. */
    private record Step(Trial trial, double promised, double cost) {}

    /** The step of a damping; empty where the system has no solution. */
    private Optional<Step> solve(double lambda) {
        equations.dampPoints(lambda);
        if (!reduced.solve(lambda, step)) {
            return Optional.empty();
        }
        equations.backSubstitute(step, pointStep);
        Trial trial = Trial.of(layout, step, pointStep);
        double promised = equations.promisedDecrease(lambda, step, pointStep);
        double cost =
                trial.valid && promised > 0 ? cost(trial.cameras, trial.poses, trial.points) : Double.POSITIVE_INFINITY;
        return Optional.of(new Step(trial, promised, cost));
    }

    /** The damping: falls the more, the better the linear model foretold the cost, and rises faster and faster (Nielsen 1999). */
    private static final class Damping {
        double lambda = INITIAL_DAMPING;
        private double growth = 2;

        /** After a step that was taken; {@code gain} is its decrease of the cost over the promised one. */
        void lower(double gain) {
            double shrink = 2 * gain - 1;
            lambda = Math.max(MIN_DAMPING, lambda * Math.max(1.0 / 3, 1 - shrink * shrink * shrink));
            growth = 2;
        }

        /** After a step that was not taken. */
        void raise() {
            lambda *= growth;
            growth *= 2;
        }
    }

    private double cost(Camera[] cameras, double[] poses, double[] points) {
        return Linearization.cost(layout, options.loss(), cameras, poses, points) + problem.priors.cost(poses);
    }

    /** A state one step on. */
    private static final class Trial {
        final Camera[] cameras;
        final double[] poses;
        final double[] points;
        boolean valid = true;

        private Trial(BundleProblem problem) {
            cameras = problem.cameras.clone();
            poses = problem.poses.clone();
            points = problem.points.clone();
        }

        static Trial of(Layout layout, double[] step, double[] pointStep) {
            BundleProblem problem = layout.problem;
            Trial trial = new Trial(problem);
            for (int v = 0; v < problem.viewCount; v++) {
                if (layout.poseOffset[v] >= 0) {
                    movePose(trial.poses, 7 * v, step, layout.poseOffset[v]);
                }
            }
            for (int c = 0; c < trial.cameras.length; c++) {
                int[] refined = problem.refined[c];
                if (refined.length > 0) {
                    double[] parameters = trial.cameras[c].parameters();
                    for (int i = 0; i < refined.length; i++) {
                        parameters[refined[i]] += step[layout.cameraOffset[c] + i];
                    }
                    int focals = trial.cameras[c].model().focalCount();
                    boolean finite = Arrays.stream(parameters).allMatch(Double::isFinite);
                    if (!finite || parameters[0] <= 0 || parameters[focals - 1] <= 0) {
                        trial.valid = false;
                        return trial;
                    }
                    trial.cameras[c] = trial.cameras[c].withParameters(parameters);
                }
            }
            for (int i = 0; i < trial.points.length; i++) {
                trial.points[i] += pointStep[i];
            }
            return trial;
        }

        void accept(BundleProblem problem) {
            problem.cameras = cameras;
            problem.poses = poses;
            problem.points = points;
        }

        /** Turns by the exponential of the step's rotation vector and shifts. */
        private static void movePose(double[] poses, int at, double[] step, int from) {
            double wx = step[from];
            double wy = step[from + 1];
            double wz = step[from + 2];
            double angle = Math.sqrt(wx * wx + wy * wy + wz * wz);
            double s = angle < 1e-8 ? 0.5 : Math.sin(angle / 2) / angle;
            double dw = Math.cos(angle / 2);
            double dx = s * wx;
            double dy = s * wy;
            double dz = s * wz;
            double x = poses[at];
            double y = poses[at + 1];
            double z = poses[at + 2];
            double w = poses[at + 3];
            double nx = dw * x + dx * w + dy * z - dz * y;
            double ny = dw * y + dy * w + dz * x - dx * z;
            double nz = dw * z + dz * w + dx * y - dy * x;
            double nw = dw * w - dx * x - dy * y - dz * z;
            double norm = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + nw * nw);
            poses[at] = nx * norm;
            poses[at + 1] = ny * norm;
            poses[at + 2] = nz * norm;
            poses[at + 3] = nw * norm;
            poses[at + 4] += step[from + 3];
            poses[at + 5] += step[from + 4];
            poses[at + 6] += step[from + 5];
        }
    }
}
