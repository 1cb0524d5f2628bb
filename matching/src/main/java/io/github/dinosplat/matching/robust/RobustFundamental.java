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
        Correspondences.check(pixelsA, pixelsB);
        if (pixelsA.length < 16) {
            return Optional.empty();
        }
        Normalisation na = Normalisation.of(pixelsA);
        Normalisation nb = Normalisation.of(pixelsB);
        FundamentalProblem problem =
                new FundamentalProblem(na.apply(pixelsA), na.scale(), nb.apply(pixelsB), nb.scale());
        return LoRansac.run(problem, options).map(fit -> {
            double[] f = Matrix3.multiply(Matrix3.multiply(Matrix3.transpose(nb.matrix()), fit.model()), na.matrix());
            return new RobustMatrix(Matrix3.normalise(f), fit.inliers(), fit.score(), fit.trials());
        });
    }
}
