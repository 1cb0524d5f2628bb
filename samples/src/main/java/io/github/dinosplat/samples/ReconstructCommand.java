package io.github.dinosplat.samples;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.samples.run.Reconstruction;
import io.github.dinosplat.samples.run.ReconstructionOptions;
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
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final DepthArguments depth = new DepthArguments();

    @Mixin
    private final SplatArguments splats = new SplatArguments();

    @Override
    Run prepare(CommonOptions common) throws Exception {
        ReconstructionOptions options = new ReconstructionOptions(
                photos.folder(),
                cameras.options(common, photos.folder(), masks),
                features.model(),
                depth.model(),
                DepthOptions.defaults().withThreads(common.threads),
                Optional.of(splats.options(common)),
                common.seed,
                common.threads);
        return (target, progress) -> Reconstruction.run(options, target, progress);
    }
}
