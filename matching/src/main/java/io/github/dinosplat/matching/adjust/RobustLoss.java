package io.github.dinosplat.matching.adjust;

/**
 * A loss on the squared length {@code s} of a residual that grows more slowly than {@code s} for large residuals, so that
 * wrong matches do not bend the solution. All are equal to {@code s} near 0.
 *
 * @param kind shape of the loss
 * @param scale length of a residual, in pixels, from which on it is taken for an outlier; unused for {@link Kind#SQUARED}
 */
public record RobustLoss(Kind kind, double scale) {

    /** The shapes of a loss. */
    public enum Kind {
        /** {@code s}: least squares. */
        SQUARED,
        /** Squared up to the scale, linear beyond. */
        HUBER,
        /** {@code 2 a^2 (sqrt(1 + s/a^2) - 1)}: a smooth Huber loss. */
        SOFT_L1,
        /** {@code a^2 log(1 + s/a^2)}: outliers hardly pull. */
        CAUCHY
    }

    /** Plain least squares. */
    public static final RobustLoss SQUARED = new RobustLoss(Kind.SQUARED, 1);

    /**
     * Checks the scale.
     *
     * @throws IllegalArgumentException if the scale is not positive and finite
     */
    public RobustLoss {
        if (!(scale > 0) || Double.isInfinite(scale)) {
            throw new IllegalArgumentException("scale must be positive and finite but was " + scale);
        }
    }

    /**
     * The loss.
     *
     * @param s squared length of a residual
     * @return value of the loss, at most {@code s}
     */
    public double value(double s) {
        double a2 = scale * scale;
        return switch (kind) {
            case SQUARED -> s;
            case HUBER -> s <= a2 ? s : 2 * scale * Math.sqrt(s) - a2;
            case SOFT_L1 -> 2 * a2 * (Math.sqrt(1 + s / a2) - 1);
            case CAUCHY -> a2 * Math.log1p(s / a2);
        };
    }

    /**
     * The derivative of the loss: the weight of the residual in the next least-squares step.
     *
     * @param s squared length of a residual
     * @return weight in (0, 1]
     */
    public double weight(double s) {
        double a2 = scale * scale;
        return switch (kind) {
            case SQUARED -> 1;
            case HUBER -> s <= a2 ? 1 : scale / Math.sqrt(s);
            case SOFT_L1 -> 1 / Math.sqrt(1 + s / a2);
            case CAUCHY -> 1 / (1 + s / a2);
        };
    }
}
