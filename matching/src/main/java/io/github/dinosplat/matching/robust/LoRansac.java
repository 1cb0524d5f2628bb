package io.github.dinosplat.matching.robust;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random sampling with a soft score ({@link InlierLoss}), local optimisation of every new best model by iteratively
 * reweighted least squares (Chum et al. 2003; Lebeda et al. 2012), samples from the best-ranked data first (PROSAC, Chum
 * and Matas 2005) in turn with uniform ones, and a stop once a better model has become improbable.
 */
final class LoRansac {

    /** Thresholds of the local optimisation's steps in units of the threshold: wide first, to reach data the sample missed. */
    private static final double[] WIDENING = {2, 1.5, 1.2, 1, 1, 1};

    private static final int POLISHING_STEPS = 12;
    private static final int LEAST_TRIALS = 50;
    private static final int BLOCK = 256;

    private final Problem problem;
    private final RansacOptions options;
    private final int n;
    private final int length;
    private final double invThreshold2;
    private final double[] residuals;
    private final double[] weights;

    private double bestCost;
    private final double[] best;
    private boolean found;

    private LoRansac(Problem problem, RansacOptions options) {
        this.problem = problem;
        this.options = options;
        n = problem.size();
        length = problem.modelLength();
        invThreshold2 = 1 / (options.thresholdPixels() * options.thresholdPixels());
        residuals = new double[n];
        weights = new double[n];
        best = new double[length];
        bestCost = n;
    }

    /** A model, the data within the threshold, the sum of their votes and the number of samples drawn. */
    record Fit(double[] model, int[] inliers, double score, int trials) {}

    static Optional<Fit> run(Problem problem, RansacOptions options) {
        return run(problem, options, List.of());
    }

    /** The same, with models that are tried and optimised before any sample. */
    static Optional<Fit> run(Problem problem, RansacOptions options, List<double[]> guesses) {
        if (problem.size() < problem.sampleSize()) {
            return Optional.empty();
        }
        return new LoRansac(problem, options).run(guesses);
    }

    /** A model that is known already, optimised on the data; no sample is drawn. */
    static Optional<Fit> refine(Problem problem, RansacOptions options, double[] model) {
        if (problem.size() < problem.sampleSize()) {
            return Optional.empty();
        }
        LoRansac ransac = new LoRansac(problem, options);
        ransac.offer(model, 0);
        ransac.optimise(model.clone());
        if (!ransac.found) {
            return Optional.empty();
        }
        ransac.polish();
        return Optional.of(ransac.fit(0));
    }

    private Optional<Fit> run(List<double[]> guesses) {
        int m = problem.sampleSize();
        double[] models = new double[problem.maxModels() * length];
        int[] sample = new int[m];
        Prosac prosac = new Prosac(n, m, options.maxTrials());
        SplittableRandom random = new SplittableRandom(options.seed());
        int trials = 0;
        int needed = options.maxTrials();
        for (double[] guess : guesses) {
            offer(guess, 0);
            optimise(guess.clone());
        }
        if (found) {
            needed = Math.min(options.maxTrials(), neededTrials(m));
        }
        while (trials < needed) {
            if ((trials & 1) == 0) {
                prosac.next(random, sample);
            } else {
                draw(random, n, m, sample);
            }
            trials++;
            int count = problem.solve(sample, models);
            boolean improved = false;
            for (int k = 0; k < count; k++) {
                improved |= offer(models, k * length);
            }
            if (improved) {
                optimise(best.clone());
                needed = Math.min(options.maxTrials(), neededTrials(m));
            }
        }
        if (!found) {
            return Optional.empty();
        }
        polish();
        return Optional.of(fit(trials));
    }

    private boolean offer(double[] models, int offset) {
        double cost = cost(models, offset, bestCost);
        if (!(cost < bestCost)) {
            return false;
        }
        bestCost = cost;
        System.arraycopy(models, offset, best, 0, length);
        found = true;
        return true;
    }

    /** The cost, or something not below the limit once that is exceeded. */
    private double cost(double[] models, int offset, double limit) {
        double cost = 0;
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            problem.squaredResiduals(models, offset, from, to, residuals);
            for (int i = from; i < to; i++) {
                cost += InlierLoss.cost(residuals[i] * invThreshold2);
            }
            if (cost >= limit) {
                return cost;
            }
        }
        problem.exclude(models, offset, residuals, 1 / invThreshold2);
        cost = 0;
        for (int i = 0; i < n; i++) {
            cost += InlierLoss.cost(residuals[i] * invThreshold2);
        }
        return cost;
    }

    private void optimise(double[] model) {
        for (double widening : WIDENING) {
            if (!step(model, widening)) {
                return;
            }
            offer(model, 0);
        }
    }

    private void polish() {
        double[] model = best.clone();
        double last = bestCost;
        for (int i = 0; i < POLISHING_STEPS; i++) {
            if (!step(model, 1)) {
                return;
            }
            offer(model, 0);
            if (!(bestCost < last - 1e-9 * n)) {
                return;
            }
            last = bestCost;
        }
    }

    private boolean step(double[] model, double widening) {
        problem.squaredResiduals(model, 0, 0, n, residuals);
        double inv = invThreshold2 / (widening * widening);
        int used = 0;
        for (int i = 0; i < n; i++) {
            weights[i] = InlierLoss.weight(residuals[i] * inv);
            used += weights[i] > 0 ? 1 : 0;
        }
        return used > problem.sampleSize() && problem.step(model, weights);
    }

    private int neededTrials(int m) {
        judgeBest();
        int inliers = 0;
        for (int i = 0; i < n; i++) {
            inliers += residuals[i] * invThreshold2 < 1 ? 1 : 0;
        }
        double allGood = 1;
        for (int k = 0; k < m; k++) {
            allGood *= Math.max(0, (double) (inliers - k) / (n - k));
        }
        if (allGood >= 1) {
            return LEAST_TRIALS;
        }
        // Only every second sample is uniform, and the bound holds for those. Noise makes some samples without outliers
        // useless, hence the least number.
        double k = 2 * Math.log(1 - options.confidence()) / Math.log1p(-allGood);
        return k < Integer.MAX_VALUE ? Math.max(LEAST_TRIALS, (int) Math.ceil(k)) : Integer.MAX_VALUE;
    }

    private void judgeBest() {
        problem.squaredResiduals(best, 0, 0, n, residuals);
        problem.exclude(best, 0, residuals, 1 / invThreshold2);
    }

    private Fit fit(int trials) {
        judgeBest();
        int[] inliers = new int[n];
        int count = 0;
        double score = 0;
        for (int i = 0; i < n; i++) {
            double relative = residuals[i] * invThreshold2;
            if (relative < 1) {
                inliers[count++] = i;
                score += 1 - InlierLoss.cost(relative);
            }
        }
        return new Fit(best, Arrays.copyOf(inliers, count), score, trials);
    }

    /** Distinct indices below n. */
    static void draw(SplittableRandom random, int n, int m, int[] sample) {
        for (int k = 0; k < m; k++) {
            int candidate;
            do {
                candidate = random.nextInt(n);
            } while (contains(sample, k, candidate));
            sample[k] = candidate;
        }
    }

    private static boolean contains(int[] sample, int count, int value) {
        for (int k = 0; k < count; k++) {
            if (sample[k] == value) {
                return true;
            }
        }
        return false;
    }

    /** The sampler of PROSAC: the pool of data that samples are drawn from grows with the trials (sections 2.1 and 2.2). */
    private static final class Prosac {
        private final int n;
        private final int m;
        private int pool;
        private double expected;
        private int reached = 1;
        private int trial;

        Prosac(int n, int m, int maxTrials) {
            this.n = n;
            this.m = m;
            pool = m;
            expected = Math.max(1, maxTrials / 2);
            for (int i = 0; i < m; i++) {
                expected *= (double) (m - i) / (n - i);
            }
        }

        void next(SplittableRandom random, int[] sample) {
            trial++;
            while (trial > reached && pool < n) {
                double grown = expected * (pool + 1) / (pool + 1 - m);
                reached += Math.max(1, (int) Math.ceil(grown - expected));
                expected = grown;
                pool++;
            }
            if (pool == n || trial > reached) {
                draw(random, n, m, sample);
            } else {
                draw(random, pool - 1, m - 1, sample);
                sample[m - 1] = pool - 1;
            }
        }
    }
}
