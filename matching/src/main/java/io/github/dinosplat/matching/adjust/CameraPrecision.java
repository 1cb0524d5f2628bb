package io.github.dinosplat.matching.adjust;

import java.util.Arrays;

/**
 * How well an adjusted problem determines its intrinsics. The usual covariance takes all residuals for independent; those of
 * one view share what the camera model or its neighbourhood gets wrong, and thousands of observations would then promise
 * hundredths of pixels. Here the errors of a view may hang together in any way (cluster-robust covariance: Liang and Zeger,
 * "Longitudinal data analysis using generalized linear models", 1986, equation 4).
 */
public final class CameraPrecision {

    /** Keeps the free gauge from making the system singular; far below what any intrinsic parameter hangs on. */
    private static final double DAMPING = 1e-10;

    private CameraPrecision() {}

    /**
     * Standard errors of some of a camera's parameters at a minimum of the cost.
     *
     * @param problem an adjusted problem; not changed
     * @param camera index of the camera
     * @param parameters indices of refined parameters of the camera
     * @param options the options it was adjusted with
     * @return the standard error of each, in its unit; infinite where the problem says nothing about it
     * @throws IllegalArgumentException if a parameter is not refined
     */
    public static double[] standardErrors(
            BundleProblem problem, int camera, int[] parameters, AdjustmentOptions options) {
        Layout layout = new Layout(problem);
        Linearization linearization = new Linearization(layout);
        linearization.compute(options.loss());
        NormalEquations equations = new NormalEquations(layout, linearization);
        equations.compute();
        equations.dampPoints(DAMPING);
        ReducedSystem reduced = layout.unknowns <= options.denseLimit()
                ? new DenseReducedSystem(equations)
                : new IterativeReducedSystem(equations);
        double[] errors = new double[parameters.length];
        double[] step = new double[layout.unknowns];
        double[] pointStep = new double[3 * problem.pointCount];
        for (int i = 0; i < parameters.length; i++) {
            int at = Arrays.binarySearch(problem.refined[camera], parameters[i]);
            if (at < 0) {
                throw new IllegalArgumentException("parameter " + parameters[i] + " of camera " + camera
                        + " is not among the refined " + Arrays.toString(problem.refined[camera]));
            }
            // A column of the inverse of the normal matrix: how far each residual moves the parameter.
            Arrays.fill(equations.rhs, 0);
            Arrays.fill(linearization.pointRhs, 0);
            equations.rhs[layout.cameraOffset[camera] + at] = 1;
            errors[i] = Double.POSITIVE_INFINITY;
            if (reduced.solve(DAMPING, step)) {
                equations.backSubstitute(step, pointStep);
                errors[i] = spread(layout, linearization, step, pointStep);
            }
        }
        return errors;
    }

    /** Root of the sum over the views of the square of what their residuals together move. */
    private static double spread(Layout layout, Linearization lin, double[] step, double[] pointStep) {
        BundleProblem problem = layout.problem;
        double[] moved = new double[problem.viewCount];
        for (int v = 0; v < problem.viewCount; v++) {
            int offset = layout.poseOffset[v];
            int camera = problem.viewCamera[v];
            int refined = problem.refined[camera].length;
            for (int s = layout.viewStart[v]; s < layout.viewStart[v + 1]; s++) {
                int o = layout.viewObservation[s];
                int p = 3 * layout.observationPoint[o];
                int row = o * lin.stride;
                for (int r = 0; r < 2; r++) {
                    double along = 0;
                    for (int i = 0; i < 3; i++) {
                        along += lin.rows[row + Linearization.JP + 3 * r + i] * pointStep[p + i];
                    }
                    for (int i = 0; offset >= 0 && i < 6; i++) {
                        along += lin.rows[row + Linearization.JC + 6 * r + i] * step[offset + i];
                    }
                    for (int i = 0; i < refined; i++) {
                        along += lin.rows[row + Linearization.JK + layout.maxRefined * r + i]
                                * step[layout.cameraOffset[camera] + i];
                    }
                    moved[v] += along * lin.rows[row + r];
                }
            }
        }
        double sum = 0;
        for (double m : moved) {
            sum += m * m;
        }
        return Math.sqrt(sum * problem.viewCount / Math.max(1, problem.viewCount - 1));
    }
}
