package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;

/** Runs the engine's stages forward and backward under given gradients of the pictures, and collects the parameters'. */
final class EngineGradients {

    final Gaussians gradients;
    final float[] rgb;
    final float[] depth;
    final float[] alpha;

    /** [height, width, channels]. */
    final float[] features;

    /** By the pose: translation and rotation of the camera frame. */
    final double[] pose;

    EngineGradients(
            CodePath codePath,
            int threads,
            Gaussians gaussians,
            SplatView view,
            RenderOptions options,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha,
            double[] byFeatures) {
        this(codePath, threads, gaussians, Projection.of(view), options, byRgb, byDepth, byAlpha, byFeatures);
    }

    EngineGradients(
            CodePath codePath,
            int threads,
            Gaussians gaussians,
            Projection projection,
            RenderOptions options,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha,
            double[] byFeatures) {
        int n = gaussians.count();
        int pixels = projection.width * projection.height;
        gradients = gaussians.zeroMoments();
        rgb = new float[3 * pixels];
        try (JvmEngine engine = new JvmEngine(threads, codePath)) {
            engine.load(TrainingState.start(gaussians));
            engine.forward(projection, options);
            Frame frame = engine.frame();
            frame.reserveGeometryGradients();
            for (int i = 0; i < pixels; i++) {
                rgb[3 * i] = frame.red[i];
                rgb[3 * i + 1] = frame.green[i];
                rgb[3 * i + 2] = frame.blue[i];
                frame.redGradient[i] = (float) byRgb[3 * i];
                frame.greenGradient[i] = (float) byRgb[3 * i + 1];
                frame.blueGradient[i] = (float) byRgb[3 * i + 2];
                frame.depthGradient[i] = (float) byDepth[i];
                frame.alphaGradient[i] = (float) byAlpha[i];
            }
            depth = Arrays.copyOf(frame.depth, pixels);
            alpha = Arrays.copyOf(frame.alpha, pixels);
            int channels = frame.featureChannels;
            features = new float[channels * pixels];
            for (int i = 0; i < features.length; i++) {
                features[i] = frame.features[i % channels * pixels + i / channels];
                frame.featureGradients[i % channels * pixels + i / channels] = (float) byFeatures[i];
            }
            engine.backward(projection, true);
            GaussianGradient chunk = new GaussianGradient(gaussians, projection, options, frame);
            for (int first = 0; first < n; first += GaussianGradient.CHUNK) {
                int count = Math.min(GaussianGradient.CHUNK, n - first);
                chunk.run(first, count);
                System.arraycopy(chunk.means, 0, gradients.means(), 3 * first, 3 * count);
                System.arraycopy(chunk.logScales, 0, gradients.logScales(), 3 * first, 3 * count);
                System.arraycopy(chunk.quaternions, 0, gradients.quaternions(), 4 * first, 4 * count);
                System.arraycopy(chunk.logitOpacities, 0, gradients.logitOpacities(), first, count);
                System.arraycopy(chunk.sh, 0, gradients.sh(), 48 * first, 48 * count);
                System.arraycopy(chunk.features, 0, gradients.features(), channels * first, channels * count);
            }
            pose = chunk.pose.clone();
        }
    }

    /** Under random gradients of all pictures. */
    static EngineGradients of(
            CodePath codePath, int threads, Gaussians gaussians, SplatView view, RenderOptions options, long seed) {
        int pixels = view.width() * view.height();
        return new EngineGradients(
                codePath,
                threads,
                gaussians,
                view,
                options,
                RandomScene.weights(seed, 3 * pixels),
                RandomScene.weights(seed + 1, pixels),
                RandomScene.weights(seed + 2, pixels),
                RandomScene.weights(seed + 3, options.features() ? gaussians.featureChannels() * pixels : 0));
    }
}
