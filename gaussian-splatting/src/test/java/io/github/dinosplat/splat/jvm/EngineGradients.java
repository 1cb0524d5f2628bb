package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.TrainingState;

/** Runs the engine's stages forward and backward under given gradients of the pictures, and collects the parameters'. */
final class EngineGradients {

    final Gaussians gradients;
    final float[] rgb;
    final float[] depth;
    final float[] alpha;

    EngineGradients(
            CodePath codePath,
            int threads,
            Gaussians gaussians,
            PinholeView view,
            RenderOptions options,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha) {
        this(codePath, threads, gaussians, view, new Projection(view), options, byRgb, byDepth, byAlpha);
    }

    EngineGradients(
            CodePath codePath,
            int threads,
            Gaussians gaussians,
            PinholeView view,
            Projection projection,
            RenderOptions options,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha) {
        int n = gaussians.count();
        int pixels = view.width() * view.height();
        gradients = Gaussians.zeros(n, 3);
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
            depth = frame.depth.clone();
            alpha = frame.alpha.clone();
            engine.backward(projection, true);
            GaussianGradient chunk = new GaussianGradient(gaussians, projection, options.shDegree(), frame);
            for (int first = 0; first < n; first += GaussianGradient.CHUNK) {
                int count = Math.min(GaussianGradient.CHUNK, n - first);
                chunk.run(first, count);
                System.arraycopy(chunk.means, 0, gradients.means(), 3 * first, 3 * count);
                System.arraycopy(chunk.logScales, 0, gradients.logScales(), 3 * first, 3 * count);
                System.arraycopy(chunk.quaternions, 0, gradients.quaternions(), 4 * first, 4 * count);
                System.arraycopy(chunk.logitOpacities, 0, gradients.logitOpacities(), first, count);
                System.arraycopy(chunk.sh, 0, gradients.sh(), 48 * first, 48 * count);
            }
        }
    }

    static EngineGradients of(CodePath codePath, Gaussians gaussians, PinholeView view, Colour background, long seed) {
        int pixels = view.width() * view.height();
        return new EngineGradients(
                codePath,
                1,
                gaussians,
                view,
                new RenderOptions(3, background),
                RandomScene.weights(seed, 3 * pixels),
                RandomScene.weights(seed + 1, pixels),
                RandomScene.weights(seed + 2, pixels));
    }
}
