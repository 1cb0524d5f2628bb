package io.github.dinosplat.samples;

import io.github.dinosplat.splat.train.TrainingMethod;
import io.github.dinosplat.splat.train.TrainingTerms;
import picocli.CommandLine.Option;

/** Options that choose the variant of splatting. */
final class MethodArguments {

    @Option(
            names = "--refinement",
            paramLabel = "NAME",
            defaultValue = "mcmc",
            description =
                    "mcmc: faded splats move to where they are needed, up to the limit; adc: splats are doubled, split"
                            + " and removed by their gradients (default ${DEFAULT-VALUE}).")
    private TrainingMethod.Refinement refinement = TrainingMethod.Refinement.MCMC;

    @Option(
            names = "--background",
            paramLabel = "NAME",
            defaultValue = "black",
            description = "What is behind the splats: black (with far splats for sky and distance), white, random"
                    + " (nothing may be left to it), or learned: one colour (default ${DEFAULT-VALUE}).")
    private TrainingMethod.Background background = TrainingMethod.Background.BLACK;

    @Option(
            names = "--mip",
            description = "Splats smaller than a pixel are dimmed (Mip-Splatting): right from far away too, in viewers"
                    + " that know of it.")
    private boolean mip;

    @Option(
            names = "--exposure",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Whether to learn an affine colour map for each photo, since photos differ in exposure: on, off, or"
                            + " auto: with at most 16 to train on. The splats then look like the average photo, pictures that"
                            + " render makes like the photos near them (default ${DEFAULT-VALUE}).")
    private TrainingMethod.Exposure exposure = TrainingMethod.Exposure.AUTO;

    @Option(names = "--refine-poses", description = "Refine the training photos' poses together with the splats.")
    private boolean poses;

    @Option(
            names = "--sparse-start",
            description =
                    "Start from the scene's points alone: no stereo, no seeds on surfaces and no depths to learn from.")
    private boolean sparse;

    TrainingTerms terms() {
        return TrainingTerms.defaults().withStereo(!sparse);
    }

    TrainingMethod method() {
        return new TrainingMethod(refinement, background, mip, exposure, poses);
    }
}
