package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The last stage of a step, fused: gradient by the parameters, penalties, Adam, noise, statistics. Every Gaussian is
 * updated, seen or not, as Adam's moments ask for.
 */
final class ParameterUpdate {

    private static final int SH = Gaussians.SH_COEFFICIENTS * 3;

    private final TrainingState state;
    private final StepOptions options;
    private final Adam adam;
    private final float opacityPenalty;
    private final float scalePenalty;
    private final List<Kind> kinds = new ArrayList<>();

    /** Gradient by the pose of the view, summed over all Gaussians; complete after the run. */
    final double[] pose = new double[6];

    ParameterUpdate(TrainingState state, StepOptions options, CodePath codePath) {
        this.state = state;
        this.options = options;
        this.adam = codePath.adam(state.iteration());
        int n = state.gaussians().count();
        this.opacityPenalty = (float) (options.opacityPenalty() / n);
        this.scalePenalty = (float) (options.scalePenalty() / (3.0 * n));
        LearningRates rates = options.rates();
        add(Gaussians::means, rates.means(), g -> g.means);
        add(Gaussians::logScales, rates.logScales(), g -> g.logScales);
        add(Gaussians::quaternions, rates.quaternions(), g -> g.quaternions);
        add(Gaussians::logitOpacities, rates.logitOpacities(), g -> g.logitOpacities);
        float[] shRates = add(Gaussians::sh, rates.shRest(), g -> g.sh);
        int used = 3 * SphericalHarmonics.count(options.render().shDegree());
        for (int i = 0; i < shRates.length; i++) {
            shRates[i] = i % SH < 3 ? (float) rates.shBase() : i % SH < used ? shRates[i] : 0;
        }
        if (options.render().features()) {
            add(Gaussians::features, rates.features(), g -> g.features);
        }
    }

    /**
     * Parameters of one kind.
     *
     * @param width how many a Gaussian has
     * @param rates for each parameter of a run of Gaussians
     */
    private record Kind(
            float[] values,
            float[] first,
            float[] second,
            int width,
            Function<GaussianGradient, float[]> gradients,
            float[] rates) {}

    /** Takes in a kind of parameters that all move at one rate; returns the rates. */
    private float[] add(
            Function<Gaussians, float[]> array, double rate, Function<GaussianGradient, float[]> gradients) {
        float[] values = array.apply(state.gaussians());
        int width = values.length / Math.max(1, state.gaussians().count());
        float[] rates = new float[width * GaussianGradient.CHUNK];
        Arrays.fill(rates, (float) rate);
        kinds.add(new Kind(
                values,
                array.apply(state.firstMoments()),
                array.apply(state.secondMoments()),
                width,
                gradients,
                rates));
        return rates;
    }

    void run(Frame frame, Projection view, Workers workers) {
        Gaussians gaussians = state.gaussians();
        int n = gaussians.count();
        GaussianGradient[] gradients = new GaussianGradient[workers.threads()];
        ExplorationNoise[] noises = new ExplorationNoise[workers.threads()];
        for (int w = 0; w < gradients.length; w++) {
            gradients[w] = new GaussianGradient(gaussians, view, options.render(), frame);
            noises[w] = new ExplorationNoise(gaussians, options, state.iteration());
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
                    noises[worker].run(first, count);
                }
            }
            System.arraycopy(gradients[worker].pose, 0, poses, 6 * group, 6);
        });
        for (int k = 0; k < poses.length; k++) {
            pose[k % 6] += poses[k];
        }
    }

    private void penalties(Frame frame, int first, int count, GaussianGradient gradient) {
        if (!(opacityPenalty > 0 || scalePenalty > 0)) {
            return;
        }
        for (int g = 0; g < count; g++) {
            int i = first + g;
            float o = frame.opacities[i];
            gradient.logitOpacities[g] += opacityPenalty * o * (1 - o);
            for (int k = 0; k < 3; k++) {
                gradient.logScales[3 * g + k] += scalePenalty * frame.scales[3 * i + k];
            }
        }
    }

    /**
     * One call for all kinds of parameters: of several calls the compiler takes the first ones into this method, and breaks
     * off within the one that becomes too much, which then boxes its vectors.
     */
    private void move(int first, int count, GaussianGradient gradient) {
        for (Kind kind : kinds) {
            float[] gradients = kind.gradients.apply(gradient);
            adam.move(
                    kind.values,
                    kind.first,
                    kind.second,
                    kind.width * first,
                    gradients,
                    kind.width * count,
                    kind.rates);
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
}
