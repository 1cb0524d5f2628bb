package io.github.dinosplat.samples;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.samples.run.ModelFolder;
import io.github.dinosplat.samples.run.PhotoMatching;
import io.github.dinosplat.samples.run.RunSummary;
import io.github.dinosplat.scene.io.Intrinsics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code match PHOTO_A PHOTO_B -o OUT}. */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Matches two photos and finds their relative pose: matches.csv, pose.json, matches.png.")
final class MatchCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // filled in by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PHOTO_A", description = "First photo.")
    @SuppressWarnings("NullAway.Init")
    private Path first;

    @Parameters(index = "1", paramLabel = "PHOTO_B", description = "Second photo.")
    @SuppressWarnings("NullAway.Init")
    private Path second;

    @Option(names = "-o", required = true, paramLabel = "OUT", description = "Output folder, new or empty.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--intrinsics",
            paramLabel = "fx,fy,cx,cy[,k1,k2,p1,p2]|FILE",
            description = "Known intrinsics in pixels, or a COLMAP cameras.txt, or a folder of Strecha's .camera files"
                    + " (default: the focal length of the photos' EXIF, where there is one).")
    private @Nullable String intrinsics;

    @Option(
            names = "--no-guidance",
            description =
                    "Do without dense features, which say where to look in photos that plain keypoints do not match.")
    private boolean unguided;

    @Mixin
    private final FeatureArguments features = new FeatureArguments();

    @Mixin
    private final KeypointArguments keypoints = new KeypointArguments();

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() throws Exception {
        if (unguided && features.isGiven()) {
            throw new ParameterException(spec.commandLine(), "--model has no place beside --no-guidance");
        }
        Optional<Intrinsics> known = known();
        RunSummary summary;
        if (unguided) {
            summary = run(known, Optional.empty());
        } else {
            try (DenseFeatures network = ModelFolder.open(features.model(), PhotoMatcher.featureOptions())) {
                summary = run(known, Optional.of(network));
            }
        }
        if (common.json) {
            System.out.println(summary.metrics());
        } else {
            summary.lines().forEach(common::say);
        }
        System.out.flush();
        return 0;
    }

    private RunSummary run(Optional<Intrinsics> known, Optional<DenseFeatures> network) throws Exception {
        return keypoints.during(
                KeypointOptions.defaults(),
                source ->
                        new PhotoMatching(known, source, network, common.seed, common.threads).run(first, second, out));
    }

    private Optional<Intrinsics> known() throws IOException {
        if (intrinsics == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Intrinsics.parse(intrinsics));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--intrinsics: " + e.getMessage(), e);
        }
    }
}
