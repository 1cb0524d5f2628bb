package io.github.dinosplat.samples.run;

import io.github.dinosplat.depth.DepthOptions;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.splat.train.TrainOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to reconstruct and how.
 *
 * @param photos folder with the photos
 * @param sfm how cameras are found
 * @param model ONNX file of a vision transformer for dense features; empty for the embedded one
 * @param depthModel ONNX file of a depth network instead of the head that is fitted to the scene; empty for the head
 * @param depth how depth maps are made
 * @param training how splats are trained
 * @param seed seed of all random choices
 * @param threads threads to use; results do not depend on it
 */
public record ReconstructionOptions(
        Path photos,
        SfmOptions sfm,
        Optional<Path> model,
        Optional<Path> depthModel,
        DepthOptions depth,
        TrainOptions training,
        long seed,
        int threads) {}
