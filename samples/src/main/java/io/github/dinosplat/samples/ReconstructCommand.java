package io.github.dinosplat.samples;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.samples.run.Reconstruction;
import io.github.dinosplat.samples.run.ReconstructionOptions;
import io.github.dinosplat.splat.train.TrainOptions;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reconstruct PHOTOS -o OUT}. */
@Command(
        name = "reconstruct",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "From a folder of photos to cameras, depth, splats and a report.")
final class ReconstructCommand extends RunCommand {

    @Mixin
    private final PhotosArgument photos = new PhotosArgument();

    @Mixin
    private final CameraArguments cameras = new CameraArguments();

    @Mixin
    private final MaskArguments masks = new MaskArguments();

    @Mixin
    private final KeypointArguments keypoints = new KeypointArguments();

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final DepthArguments depth = new DepthArguments();

    @Mixin
    private final SplatArguments splats = new SplatArguments();

    @Override
    Run prepare(CommonOptions common) throws Exception {
        Optional<Path> featureModel = features.model();
        Optional<Path> depthModel = depth.model();
        TrainOptions training = splats.options(common);
        return keypoints.run(
                cameras.options(common, masks),
                options -> (target, progress) -> Reconstruction.run(
                        new ReconstructionOptions(
                                photos.folder(),
                                options,
                                featureModel,
                                depthModel,
                                DepthOptions.defaults().withThreads(common.threads),
                                training,
                                common.seed,
                                common.threads),
                        target,
                        progress));
    }
}
