package io.github.dinosplat.matching.robust;

import java.util.Optional;

/** Robust fundamental matrices: {@code xB' F xA = 0} for matching points in pixels. */
public final class RobustFundamental {

    private RobustFundamental() {}

    /**
     * The fundamental matrix that most correspondences agree with.
     *
     * @param pixelsA [n, 2] points in the first photo in pixels, most trusted first
     * @param pixelsB [n, 2] the matching points in the second photo
     * @param options threshold (on the Sampson distance) and effort
     * @return the matrix, of rank 2; empty with fewer than 8 correspondences or where no sample gave a model
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustMatrix> estimate(double[] pixelsA, double[] pixelsB, RansacOptions options) {
        return fit(pixelsA, pixelsB, (problem, na, nb) -> LoRansac.run(problem, options));
    }

    /**
     * Fits a known fundamental matrix to further correspondences, without looking for another one.
     *
     * @param pixelsA [n, 2] points in the first photo in pixels
     * @param pixelsB [n, 2] the matching points in the second photo
     * @param options threshold
     * @param fundamental nine entries row by row, from which the fit starts
     * @return the matrix, of rank 2; empty with fewer than 8 correspondences or where none agrees
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustMatrix> refine(
            double[] pixelsA, double[] pixelsB, RansacOptions options, double[] fundamental) {
        return fit(pixelsA, pixelsB, (problem, na, nb) -> {
            double[] moved = Matrix3.multiply(
                    Matrix3.multiply(Matrix3.transpose(nb.inverseMatrix()), fundamental), na.inverseMatrix());
            return LoRansac.refine(problem, options, Matrix3.normalise(moved));
        });
    }

    private interface Search {
        Optional<LoRansac.Fit> in(FundamentalProblem problem, Normalisation na, Normalisation nb);
    }

    private static Optional<RobustMatrix> fit(double[] pixelsA, double[] pixelsB, Search search) {
        Correspondences.check(pixelsA, pixelsB);
        if (pixelsA.length < 16) {
            return Optional.empty();
        }
        Normalisation na = Normalisation.of(pixelsA);
        Normalisation nb = Normalisation.of(pixelsB);
        FundamentalProblem problem =
                new FundamentalProblem(na.apply(pixelsA), na.scale(), nb.apply(pixelsB), nb.scale());
        return search.in(problem, na, nb).map(fit -> {
            double[] f = Matrix3.multiply(Matrix3.multiply(Matrix3.transpose(nb.matrix()), fit.model()), na.matrix());
            return new RobustMatrix(Matrix3.normalise(f), fit);
        });
    }
}
