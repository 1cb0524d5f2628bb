package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.splat.train.HeldOutPictures;
import io.github.dinosplat.splat.train.Holdout;
import io.github.dinosplat.splat.train.SplatTrainer;
import io.github.dinosplat.splat.train.TrainOptions;
import io.github.dinosplat.splat.train.TrainResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The training run behind every figure of the tables: short, and on small pictures, so that hundreds of them are affordable. */
final class ShortTraining {

    /** Long side of the training pictures. */
    static final int LONG_SIDE = 256;

    private static final int ITERATIONS = 400;

    /** For each training photo, so that the sparse points alone never fill the budget and seeds have a place. */
    private static final int GAUSSIANS_A_PHOTO = 2_000;

    private ShortTraining() {}

    static TrainResult train(TrainingSet set, List<String> judged, Variant variant, long seed, HeldOutPictures pictures)
            throws IOException {
        TrainOptions options = TrainOptions.defaults()
                .withIterations(ITERATIONS)
                .withMaxSize(LONG_SIDE)
                .withMaxGaussians(GAUSSIANS_A_PHOTO * (set.scene().views().size() - judged.size()))
                .withHoldout(Holdout.named(judged))
                .withSeed(seed)
                .withThreads(1)
                .withCheckpointEvery(ITERATIONS)
                .withEvaluations(1)
                .withTerms(variant.terms());
        return SplatTrainer.train(
                set.scene(), set.pixels(), set.priors(), options, Optional.empty(), Progress.NONE, pictures);
    }
}
