package io.github.dinosplat.splat.train;

import java.util.function.Consumer;

/**
 * What a training run is asked to do. Every schedule scales with the number of iterations.
 *
 * @param iterations steps, each on one photo
 * @param maxSize greatest long side of the training pictures in pixels; larger photos are reduced
 * @param maxGaussians the most Gaussians at any time, from the first step on
 * @param holdout photos that are kept out of training
 * @param method which variant of splatting
 * @param seed seed of every random choice
 * @param threads how many threads to use; the result does not depend on it
 * @param checkpointEvery iterations between two checkpoints
 * @param evaluations how many times held-out photos are rendered along the way, evenly spread and the end included
 * @param engine what executes the steps
 * @param terms what is asked of the splats besides looking like the photos
 */
public record TrainOptions(
        int iterations,
        int maxSize,
        int maxGaussians,
        Holdout holdout,
        TrainingMethod method,
        long seed,
        int threads,
        int checkpointEvery,
        int evaluations,
        EngineChoice engine,
        TrainingTerms terms) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a number is not positive or the size is below 64 pixels
     */
    public TrainOptions {
        positive("iterations", iterations);
        positive("maxGaussians", maxGaussians);
        positive("threads", threads);
        positive("checkpointEvery", checkpointEvery);
        positive("evaluations", evaluations);
        if (maxSize < 64) {
            throw new IllegalArgumentException("maxSize must be at least 64 pixels but was " + maxSize);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1 but was " + value);
        }
    }

    /**
     * The balanced settings of the JVM engine: 3,000 iterations, long side 800, at most 100,000 Gaussians, every eighth
     * photo held out, a black background, a checkpoint every 250 iterations.
     *
     * @return the options
     */
    public static TrainOptions defaults() {
        return new TrainOptions(
                3000,
                800,
                100_000,
                Holdout.every(8),
                TrainingMethod.DEFAULT,
                0,
                Runtime.getRuntime().availableProcessors(),
                250,
                6,
                EngineChoice.JVM,
                TrainingTerms.defaults());
    }

    /**
     * With another number of steps.
     *
     * @param value at least 1
     * @return new options
     */
    public TrainOptions withIterations(int value) {
        return with(draft -> draft.iterations = value);
    }

    /**
     * With another picture size.
     *
     * @param value greatest long side in pixels
     * @return new options
     */
    public TrainOptions withMaxSize(int value) {
        return with(draft -> draft.maxSize = value);
    }

    /**
     * With another limit on the number of Gaussians.
     *
     * @param value at least 1
     * @return new options
     */
    public TrainOptions withMaxGaussians(int value) {
        return with(draft -> draft.maxGaussians = value);
    }

    /**
     * With other photos held out.
     *
     * @param value the choice
     * @return new options
     */
    public TrainOptions withHoldout(Holdout value) {
        return with(draft -> draft.holdout = value);
    }

    /**
     * With another method.
     *
     * @param value which variant of splatting
     * @return new options
     */
    public TrainOptions withMethod(TrainingMethod value) {
        return with(draft -> draft.method = value);
    }

    /**
     * With another seed.
     *
     * @param value any number
     * @return new options
     */
    public TrainOptions withSeed(long value) {
        return with(draft -> draft.seed = value);
    }

    /**
     * With another number of threads.
     *
     * @param value at least 1
     * @return new options
     */
    public TrainOptions withThreads(int value) {
        return with(draft -> draft.threads = value);
    }

    /**
     * With another distance between checkpoints.
     *
     * @param value iterations, at least 1
     * @return new options
     */
    public TrainOptions withCheckpointEvery(int value) {
        return with(draft -> draft.checkpointEvery = value);
    }

    /**
     * With another number of evaluations.
     *
     * @param value at least 1
     * @return new options
     */
    public TrainOptions withEvaluations(int value) {
        return with(draft -> draft.evaluations = value);
    }

    /**
     * With another engine.
     *
     * @param value which engine
     * @return new options
     */
    public TrainOptions withEngine(EngineChoice value) {
        return with(draft -> draft.engine = value);
    }

    /**
     * With other terms.
     *
     * @param value what is asked of the splats
     * @return new options
     */
    public TrainOptions withTerms(TrainingTerms value) {
        return with(draft -> draft.terms = value);
    }

    private TrainOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** The components while a changed copy is made: the one place besides the record itself that names all of them. */
    private static final class Draft {
        private int iterations;
        private int maxSize;
        private int maxGaussians;
        private Holdout holdout;
        private TrainingMethod method;
        private long seed;
        private int threads;
        private int checkpointEvery;
        private int evaluations;
        private EngineChoice engine;
        private TrainingTerms terms;

        Draft(TrainOptions from) {
            iterations = from.iterations;
            maxSize = from.maxSize;
            maxGaussians = from.maxGaussians;
            holdout = from.holdout;
            method = from.method;
            seed = from.seed;
            threads = from.threads;
            checkpointEvery = from.checkpointEvery;
            evaluations = from.evaluations;
            engine = from.engine;
            terms = from.terms;
        }

        TrainOptions finished() {
            return new TrainOptions(
                    iterations,
                    maxSize,
                    maxGaussians,
                    holdout,
                    method,
                    seed,
                    threads,
                    checkpointEvery,
                    evaluations,
                    engine,
                    terms);
        }
    }
}
