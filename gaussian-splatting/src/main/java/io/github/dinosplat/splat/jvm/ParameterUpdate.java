package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import java.util.Arrays;

/**
 * The last stage of a step, fused: gradient by the parameters, penalties, Adam, noise, statistics. Every Gaussian is
 * updated, seen or not, as Adam's moments ask for.
 */
final class ParameterUpdate {

    private static final int SH = Gaussians.SH_COEFFICIENTS * 3;

    /** Above this opacity the noise is below a billionth of the Gaussian's size. */
    private static final float NOISE_MAX_OPACITY = 0.2f;

    private final TrainingState state;
    private final StepOptions options;
    private final Adam adam;
    private final float opacityPenalty;
    private final float scalePenalty;
    private final float[] shRates = new float[SH * GaussianGradient.CHUNK];
    private final double[][] eta;

    /** Gradient by the pose of the view, summed over all Gaussians; complete after the run. */
    final double[] pose = new double[6];

    ParameterUpdate(TrainingState state, StepOptions options, CodePath codePath, int workers) {
        this.state = state;
        this.options = options;
        this.adam = codePath.adam(state.iteration());
        int n = state.gaussians().count();
        this.opacityPenalty = (float) (options.opacityPenalty() / n);
        this.scalePenalty = (float) (options.scalePenalty() / (3.0 * n));
        int used = 3 * SphericalHarmonics.count(options.render().shDegree());
        for (int i = 0; i < shRates.length; i++) {
            int k = i % SH;
            shRates[i] = (float)
                    (k < 3
                            ? options.rates().shBase()
                            : k < used ? options.rates().shRest() : 0);
        }
        this.eta = new double[workers][3];
    }

    void run(Frame frame, Projection view, Workers workers) {
        Gaussians gaussians = state.gaussians();
        int n = gaussians.count();
        GaussianGradient[] gradients = new GaussianGradient[workers.threads()];
        for (int w = 0; w < gradients.length; w++) {
            gradients[w] = new GaussianGradient(gaussians, view, options.render(), frame);
        }
        int groups = (n + Projector.CHUNK - 1) / Projector.CHUNK;
        double[] poses = new double[6 * groups];
        workers.forEach(groups, (group, worker) -> {
            Arrays.fill(gradients[worker].pose, 0);
            int end = Math.min(n, (group + 1) * Projector.CHUNK);
            for (int first = group * Projector.CHUNK; first < end; first += GaussianGradient.CHUNK) {
                int count = Math.min(GaussianGradient.CHUNK, end - first);
                gradients[worker].run(first, count);
                penalties(frame, first, count, gradients[worker]);
                move(first, count, gradients[worker]);
                statistics(frame, first, count, gradients[worker]);
                if (options.noise() > 0) {
                    noise(first, count, eta[worker]);
                }
            }
            System.arraycopy(gradients[worker].pose, 0, poses, 6 * group, 6);
        });
        for (int k = 0; k < poses.length; k++) {
            pose[k % 6] += poses[k];
        }
    }

    /** A visible Gaussian's opacity and scales were calculated when it was projected. */
    private void penalties(Frame frame, int first, int count, GaussianGradient gradient) {
        if (!(opacityPenalty > 0 || scalePenalty > 0)) {
            return;
        }
        float[] logits = state.gaussians().logitOpacities();
        float[] logScales = state.gaussians().logScales();
        for (int g = 0; g < count; g++) {
            int i = first + g;
            boolean visible = frame.hitCount[i] > 0;
            float o = visible ? frame.splats[i * Splat.STRIDE + Splat.OPACITY] : sigmoid(logits[i]);
            gradient.logitOpacities[g] += opacityPenalty * o * (1 - o);
            for (int k = 0; k < 3; k++) {
                float scale = visible ? frame.scales[3 * i + k] : (float) Math.exp(logScales[3 * i + k]);
                gradient.logScales[3 * g + k] += scalePenalty * scale;
            }
        }
    }

    private void move(int first, int count, GaussianGradient gradient) {
        Gaussians p = state.gaussians();
        Gaussians m = state.firstMoments();
        Gaussians v = state.secondMoments();
        LearningRates rates = options.rates();
        adam.move(p.means(), m.means(), v.means(), 3 * first, gradient.means, 3 * count, (float) rates.means());
        adam.move(p.logScales(), m.logScales(), v.logScales(), 3 * first, gradient.logScales, 3 * count, (float)
                rates.logScales());
        adam.move(p.quaternions(), m.quaternions(), v.quaternions(), 4 * first, gradient.quaternions, 4 * count, (float)
                rates.quaternions());
        adam.move(
                p.logitOpacities(),
                m.logitOpacities(),
                v.logitOpacities(),
                first,
                gradient.logitOpacities,
                count,
                (float) rates.logitOpacities());
        adam.move(p.sh(), m.sh(), v.sh(), SH * first, gradient.sh, SH * count, shRates);
        if (options.render().features()) {
            int channels = p.featureChannels();
            adam.move(
                    p.features(),
                    m.features(),
                    v.features(),
                    channels * first,
                    gradient.features,
                    channels * count,
                    (float) rates.features());
        }
    }

    private void statistics(Frame frame, int first, int count, GaussianGradient gradient) {
        for (int g = 0; g < count; g++) {
            if (frame.hitCount[first + g] > 0) {
                state.visibleSteps()[first + g]++;
                state.gradientNormSums()[first + g] += gradient.screen[g];
            }
        }
    }

    /** Moves faint Gaussians at random along their own shape (Kheradmand et al. 2024, eq. 8 and 9). */
    private void noise(int first, int count, double[] normal) {
        Gaussians p = state.gaussians();
        double scale = options.noise() * options.rates().means();
        for (int i = first; i < first + count; i++) {
            float opacity = sigmoid(p.logitOpacities()[i]);
            if (opacity > NOISE_MAX_OPACITY) {
                continue;
            }
            double factor = scale / (1 + Math.exp(100 * (opacity - 0.005)));
            CounterNoise.normal(options.seed(), state.iteration(), i, normal);
            Covariance.multiply(p, i, normal);
            for (int k = 0; k < 3; k++) {
                p.means()[3 * i + k] += (float) (factor * normal[k]);
            }
        }
    }

    private static float sigmoid(float logit) {
        return (float) (1 / (1 + Math.exp(-(double) logit)));
    }
}
