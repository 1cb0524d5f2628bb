package io.github.dinosplat.matching.adjust;

/**
 * What a bundle adjustment did.
 *
 * @param initialCost half the sum of the losses before, in square pixels
 * @param finalCost the same after; never more than before
 * @param iterations tried steps
 * @param acceptedSteps steps that lowered the cost
 * @param converged whether a tolerance was met before the iterations ran out
 * @param observations observations that took part
 */
public record AdjustmentReport(
        double initialCost, double finalCost, int iterations, int acceptedSteps, boolean converged, int observations) {

    /**
     * Root of the mean loss per observation: without outliers the root mean square reprojection error.
     *
     * @return pixels; 0 without observations
     */
    public double finalRms() {
        return observations == 0 ? 0 : Math.sqrt(2 * finalCost / observations);
    }
}
