package io.github.dinosplat.samples;

import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.samples.run.PhotoCameras;
import io.github.dinosplat.samples.run.SceneCameras;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sfm PHOTOS -o OUT}. */
@Command(
        name = "sfm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Cameras and sparse points only.")
final class SfmCommand extends RunCommand {

    @Mixin
    private final PhotosArgument photos = new PhotosArgument();

    /** A scene that there is already; either of two. */
    private static final class Given {
        @Option(
                names = "--into",
                paramLabel = "SCENE",
                description = "Add the photos to this scene, whose cameras, poses and points stay as they are.")
        private @Nullable Path into;

        @Option(
                names = "--poses",
                paramLabel = "SCENE",
                description = "Take cameras and poses from this scene, as they are, and triangulate points.")
        private @Nullable Path poses;
    }

    @ArgGroup
    private @Nullable Given given;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "With --into: folder with SCENE's photos, where it has no images/ (default: PHOTOS).")
    private @Nullable Path images;

    @Mixin
    private final CameraArguments cameras = new CameraArguments();

    @Mixin
    private final MaskArguments masks = new MaskArguments();

    @Mixin
    private final KeypointArguments keypoints = new KeypointArguments();

    @Override
    Run prepare(CommonOptions common) throws Exception {
        Path folder = photos.folder();
        SfmOptions sfm = cameras.options(common, masks);
        if (images != null && (given == null || given.into == null)) {
            throw wrong("--images is for --into alone");
        }
        if (given != null && given.into != null) {
            Path scene = given.into;
            return keypoints.run(
                    sfm,
                    options -> (target, progress) -> SceneCameras.localise(
                            folder, scene, Optional.ofNullable(images), options, target, progress));
        }
        if (given != null && given.poses != null) {
            Path scene = given.poses;
            for (String option : List.of("--intrinsics", "--camera-model", "--camera-sharing")) {
                if (isGiven(option)) {
                    throw wrong(option + " has no place beside --poses, which brings the cameras");
                }
            }
            return keypoints.run(
                    sfm,
                    options ->
                            (target, progress) -> SceneCameras.triangulate(folder, scene, options, target, progress));
        }
        return keypoints.run(sfm, options -> (target, progress) -> PhotoCameras.run(folder, options, target, progress));
    }
}
