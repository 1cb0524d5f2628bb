package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import java.util.Arrays;

/**
 * A whole training step in double: {@link ReferenceSplatting}, the photo's colour map over it, {@link ReferenceLoss}, depth
 * term, penalties, and the gradient by all that a step can learn. Parameters may be changed in place between calls.
 */
final class ReferenceStep {

    final ReferenceSplatting splats;

    /** The photo's map of colours, 3x4. */
    final double[] colours;

    final double[] coloursGradient = new double[PhotoParameters.COLOUR_VALUES];
    final double[] backgroundGradient = new double[3];

    private final double[] truth;
    private final DepthTarget target;
    private final StepOptions options;

    /**
     * A step.
     *
     * @param gaussians what is trained
     * @param photo which photo of the parameters is shown
     * @param photos colour maps and background
     * @param view the photo, with depths
     * @param placed where its camera stands
     * @param options degree, dimming and weights
     */
    ReferenceStep(
            Gaussians gaussians,
            int photo,
            PhotoParameters photos,
            TrainingView view,
            SplatView placed,
            StepOptions options) {
        this.options = options;
        splats = ReferenceSplatting.of(gaussians, placed, options.render().withBackground(photos.background()));
        target = view.depth().orElseThrow();
        splats.nearnessOffset = target.offset();
        colours = new double[PhotoParameters.COLOUR_VALUES];
        for (int k = 0; k < colours.length; k++) {
            colours[k] = photos.values()[PhotoParameters.STRIDE * photo + PhotoParameters.COLOUR + k];
        }
        truth = new double[view.truth().rgb().length];
        for (int i = 0; i < truth.length; i++) {
            truth[i] = (view.truth().rgb()[i] & 0xff) / 255.0;
        }
    }

    /** The loss as engines give it: all of it but the penalties, which have nothing to do with the photo. */
    double shownLoss() {
        splats.forward();
        double sum = ReferenceLoss.loss(mapped(), truth, splats.width, splats.height, options.ssimWeight());
        for (int k = 0; k < colours.length; k++) {
            sum += PhotoParameters.COLOUR_PENALTY / 2 * Math.pow(colours[k] - PhotoParameters.identity(k), 2);
        }
        for (int i = 0; i < splats.depth.length; i++) {
            sum += depthWeight(i) * Math.abs(splats.depth[i] - target.nearness()[i]);
        }
        return sum;
    }

    /** The loss. */
    double loss() {
        double opacity = 0;
        for (double logit : splats.logits) {
            opacity += 1 / (1 + Math.exp(-logit)) / splats.n;
        }
        double scale = 0;
        for (double log : splats.logScales) {
            scale += Math.exp(log) / (3 * splats.n);
        }
        return shownLoss() + options.opacityPenalty() * opacity + options.scalePenalty() * scale;
    }

    private double depthWeight(int pixel) {
        return options.depthWeight() * target.weights()[pixel] / splats.depth.length;
    }

    private double[] mapped() {
        double[] picture = new double[splats.rgb.length];
        for (int i = 0; i < picture.length; i++) {
            int row = 4 * (i % 3);
            picture[i] = colours[row + 3];
            for (int c = 0; c < 3; c++) {
                picture[i] += colours[row + c] * splats.rgb[i - i % 3 + c];
            }
        }
        return picture;
    }

    /** Fills all gradients, those of the Gaussians and of the pose in {@link #splats}. */
    void backward() {
        splats.forward();
        double[] byMapped = ReferenceLoss.gradient(mapped(), truth, splats.width, splats.height, options.ssimWeight());
        double[] byRgb = new double[byMapped.length];
        for (int k = 0; k < colours.length; k++) {
            coloursGradient[k] = PhotoParameters.COLOUR_PENALTY * (colours[k] - PhotoParameters.identity(k));
        }
        for (int i = 0; i < byMapped.length; i++) {
            int row = 4 * (i % 3);
            coloursGradient[row + 3] += byMapped[i];
            for (int c = 0; c < 3; c++) {
                coloursGradient[row + c] += byMapped[i] * splats.rgb[i - i % 3 + c];
                byRgb[i - i % 3 + c] += byMapped[i] * colours[row + c];
            }
        }
        double[] byDepth = new double[splats.depth.length];
        Arrays.fill(backgroundGradient, 0);
        for (int i = 0; i < byDepth.length; i++) {
            byDepth[i] = depthWeight(i) * Math.signum(splats.depth[i] - target.nearness()[i]);
            for (int c = 0; c < 3; c++) {
                backgroundGradient[c] += (1 - splats.alpha[i]) * byRgb[3 * i + c];
            }
        }
        splats.backward(byRgb, byDepth, new double[byDepth.length], new double[0]);
        for (int i = 0; i < splats.n; i++) {
            double o = 1 / (1 + Math.exp(-splats.logits[i]));
            splats.logitsGradient[i] += options.opacityPenalty() / splats.n * o * (1 - o);
        }
        for (int k = 0; k < splats.logScales.length; k++) {
            splats.logScalesGradient[k] += options.scalePenalty() / (3 * splats.n) * Math.exp(splats.logScales[k]);
        }
    }

    /** The least distance of anything to where the loss has a kink or a step, as far as photo and depths have to do with it. */
    double margin() {
        splats.forward();
        double margin = splats.margin();
        double[] picture = mapped();
        for (int i = 0; i < picture.length; i++) {
            margin = Math.min(margin, Math.abs(picture[i] - truth[i]));
        }
        for (int i = 0; i < splats.depth.length; i++) {
            margin = Math.min(margin, Math.abs(splats.depth[i] - target.nearness()[i]));
        }
        return margin;
    }
}
