package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.ViewPriors;
import java.util.Arrays;

/** All terms of a step but that of the colours: known depths and what networks say. */
final class PriorLoss {

    private final TrainingView view;
    private final StepOptions options;
    private final ViewPriors priors;
    private final boolean knowsDepth;

    PriorLoss(TrainingView view, StepOptions options) {
        this.view = view;
        this.options = options;
        priors = view.priors();
        knowsDepth = view.depth().isPresent() && options.depthWeight() > 0;
    }

    /** What the depth plane accumulates. */
    DepthMeasure measure() {
        if (knowsDepth) {
            return new DepthMeasure(true, (float) view.depth().get().offset());
        }
        return priors.asksForDepth()
                ? new DepthMeasure(true, (float) priors.depth().orElseThrow().offset())
                : DepthMeasure.DEPTH;
    }

    private boolean asksForFeatures() {
        return priors.asksForFeatures() && options.render().features();
    }

    /** Whether the gradients by depth, opacity and features are needed. */
    boolean asksForGeometry() {
        return knowsDepth || priors.asksForDepth() || asksForFeatures();
    }

    /**
     * Fills the frame's gradients by depth, opacity and features, where asked for.
     *
     * @return the terms times their weights
     */
    double gradient(Frame frame, Workers workers) {
        if (!asksForGeometry()) {
            return 0;
        }
        frame.reserveGeometryGradients();
        int pixels = frame.width * frame.height;
        Arrays.fill(frame.alphaGradient, 0, pixels, 0);
        Arrays.fill(frame.depthGradient, 0, pixels, 0);
        Arrays.fill(frame.featureGradients, 0, frame.featureChannels * pixels, 0);
        boolean[] counts = view.mask().orElse(new boolean[0]);
        double value = 0;
        if (knowsDepth) {
            value += DepthLoss.gradient(frame, view, view.depth().get(), options.depthWeight(), workers);
        }
        if (priors.asksForDepth() && priors.shapeWeight() > 0) {
            value += ShapeLoss.gradient(frame, priors.depth().orElseThrow(), counts, priors.shapeWeight(), workers);
        }
        if (priors.asksForDepth() && priors.normalWeight() > 0 && view.view() instanceof PinholeView pinhole) {
            NormalLoss normals = new NormalLoss(pinhole, frame, priors.depth().orElseThrow(), counts);
            value += normals.gradient(priors.normalWeight(), workers);
        }
        if (asksForFeatures()) {
            FeatureLoss features = new FeatureLoss(frame, priors.features().orElseThrow(), counts);
            value += features.gradient(priors.featureWeight(), priors.gramWeight(), workers);
        }
        return value;
    }
}
