package io.github.dinosplat.samples;

import io.github.dinosplat.matching.CameraSharing;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.io.MaskFolder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options about cameras. */
final class CameraArguments {

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Option(
            names = "--intrinsics",
            paramLabel = "fx,fy,cx,cy[,k1,k2,p1,p2]|FILE",
            description =
                    "Known intrinsics in pixels, or a COLMAP cameras.txt, or a folder of Strecha's .camera files; kept"
                            + " fixed.")
    private @Nullable String intrinsics;

    @Option(names = "--refine-intrinsics", description = "Refine the known intrinsics.")
    private boolean refineIntrinsics;

    @Option(
            names = "--camera-model",
            paramLabel = "NAME",
            defaultValue = "SIMPLE_RADIAL",
            description =
                    "Model of cameras whose intrinsics are not known, by COLMAP's names (default ${DEFAULT-VALUE}).")
    private CameraModel cameraModel = CameraModel.SIMPLE_RADIAL;

    @Option(
            names = "--camera-sharing",
            paramLabel = "NAME",
            defaultValue = "auto",
            description =
                    "Which photos share intrinsics: auto (those of one camera by EXIF, or of one size), single, folder"
                            + " or photo (default ${DEFAULT-VALUE}).")
    private CameraSharing cameraSharing = CameraSharing.AUTO;

    /** The search for cameras that was asked for. */
    SfmOptions options(CommonOptions common, MaskArguments masks) throws IOException {
        SfmOptions options = SfmOptions.defaults()
                .withCameras(cameraModel, cameraSharing)
                .withSeed(common.seed)
                .withThreads(common.threads);
        if (masks.folder().isPresent()) {
            options = options.withMasks(new MaskFolder(masks.folder().get()));
        }
        if (intrinsics == null) {
            if (refineIntrinsics) {
                throw new ParameterException(spec.commandLine(), "--refine-intrinsics needs --intrinsics");
            }
            return options;
        }
        try {
            return options.withIntrinsics(Intrinsics.parse(intrinsics), refineIntrinsics);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--intrinsics: " + e.getMessage(), e);
        }
    }
}
