package io.github.dinosplat.samples;

import io.github.dinosplat.features.keypoints.KeypointNetwork;
import io.github.dinosplat.features.onnx.ExecutionProvider;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.keypoint.NetworkKeypointSource;
import io.github.dinosplat.samples.run.ModelFolder;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which network finds keypoints, if one does. */
final class KeypointArguments {

    @Option(
            names = "--keypoints",
            paramLabel = "FILE.onnx|NAME",
            description =
                    "Network for keypoints instead of SIFT: an ONNX file of ALIKED or XFeat, or the name of one that is on"
                            + " disk, see dinosplat models.")
    private @Nullable String network;

    /** What is done with the keypoints. */
    @FunctionalInterface
    interface Work<T> {
        T with(Optional<KeypointSource> source) throws Exception;
    }

    /** Opens the network that was asked for, if any, for as long as the work takes. */
    <T> T during(KeypointOptions options, Work<T> work) throws Exception {
        if (network == null) {
            return work.with(Optional.empty());
        }
        try (KeypointNetwork opened =
                KeypointNetwork.open(ModelFolder.standard().resolve(network), List.of(ExecutionProvider.CPU))) {
            return work.with(Optional.of(new NetworkKeypointSource(opened, options)));
        }
    }

    /** A run with these keypoints. */
    RunCommand.Run run(SfmOptions options, Function<SfmOptions, RunCommand.Run> job) {
        return (target, progress) -> during(
                options.keypoints(),
                source -> job.apply(source.map(options::withKeypointSource).orElse(options))
                        .run(target, progress));
    }
}
