package io.github.dinosplat.matching.robust;

/**
 * The soft vote of a residual, without a noise level to be guessed: Gaussian noise of every standard deviation up to a
 * third of the threshold is taken as equally likely and summed over, as in MAGSAC++ (Barath et al. 2020, eq. 4 with two
 * degrees of freedom). Values are read from tables over the squared residual.
 */
final class InlierLoss {

    private static final int STEPS = 4096;
    /** Threshold in units of the greatest standard deviation: beyond it lies 0.25 % of the noise. */
    private static final double CUT = 3.03;

    private static final float[] WEIGHT = new float[STEPS + 2];
    private static final float[] COST = new float[STEPS + 2];

    static {
        // weight(r) = integral from r to the cut of exp(-x^2 / 2); cost(r) = integral from 0 to r of x weight(x)
        int n = 1 << 16;
        double dx = CUT / n;
        double[] weight = new double[n + 1];
        double[] cost = new double[n + 1];
        for (int i = n - 1; i >= 0; i--) {
            double x = (i + 0.5) * dx;
            weight[i] = weight[i + 1] + Math.exp(-0.5 * x * x) * dx;
        }
        for (int i = 0; i < n; i++) {
            cost[i + 1] = cost[i] + (i + 0.5) * dx * dx * 0.5 * (weight[i] + weight[i + 1]);
        }
        for (int s = 0; s <= STEPS; s++) {
            double at = Math.sqrt((double) s / STEPS) * n;
            int i = Math.min((int) at, n - 1);
            double f = at - i;
            WEIGHT[s] = (float) (((1 - f) * weight[i] + f * weight[i + 1]) / weight[0]);
            COST[s] = (float) (((1 - f) * cost[i] + f * cost[i + 1]) / cost[n]);
        }
        COST[STEPS + 1] = 1;
    }

    private InlierLoss() {}

    /** From 0 at residual 0 to 1 at the threshold and beyond. {@code relative} = (residual / threshold)^2. */
    static double cost(double relative) {
        if (!(relative < 1)) {
            return 1;
        }
        double at = relative * STEPS;
        int i = (int) at;
        return COST[i] + (at - i) * (COST[i + 1] - COST[i]);
    }

    /** The weight in iterated least squares: from 1 at residual 0 to 0 at the threshold and beyond. */
    static double weight(double relative) {
        if (!(relative < 1)) {
            return 0;
        }
        double at = relative * STEPS;
        int i = (int) at;
        return WEIGHT[i] + (at - i) * (WEIGHT[i + 1] - WEIGHT[i]);
    }
}
