package io.github.dinosplat.matching.robust;

import java.util.Optional;

/** Robust homographies: {@code xB ~ H xA} in pixels. */
public final class RobustHomography {

    private RobustHomography() {}

    /**
     * The homography that most correspondences agree with.
     *
     * @param pixelsA [n, 2] points in the first photo in pixels, most trusted first
     * @param pixelsB [n, 2] the matching points in the second photo
     * @param options threshold (on the distance in the second photo) and effort
     * @return the matrix; empty with fewer than 5 correspondences or where no sample gave a model
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static Optional<RobustMatrix> estimate(double[] pixelsA, double[] pixelsB, RansacOptions options) {
        Correspondences.check(pixelsA, pixelsB);
        if (pixelsA.length < 10) {
            return Optional.empty();
        }
        Normalisation na = Normalisation.of(pixelsA);
        Normalisation nb = Normalisation.of(pixelsB);
        HomographyProblem problem = new HomographyProblem(na.apply(pixelsA), nb.apply(pixelsB), nb.scale());
        return LoRansac.run(problem, options).map(fit -> {
            double[] h = Matrix3.multiply(Matrix3.multiply(nb.inverseMatrix(), fit.model()), na.matrix());
            return new RobustMatrix(Matrix3.normalise(h), fit);
        });
    }
}
