package io.github.dinosplat.matching.robust;

import boofcv.alg.geo.f.FundamentalLinear7;
import boofcv.struct.geo.AssociatedPair;
import java.util.List;
import org.ddogleg.struct.DogArray;
import org.ejml.data.DMatrixRMaj;

/** Fundamental matrices by the seven-point algorithm. */
final class FundamentalProblem extends EpipolarProblem {

    private final FundamentalLinear7 linear7 = new FundamentalLinear7(false);

    /** Points [n, 2], moved and scaled to be of the order of 1, and the sizes of a pixel in their coordinates. */
    FundamentalProblem(double[] a, double pixelA, double[] b, double pixelB) {
        super(a, pixelA, pixelA, b, pixelB, pixelB);
    }

    @Override
    public int sampleSize() {
        return 7;
    }

    @Override
    boolean solve(List<AssociatedPair> sample, DogArray<DMatrixRMaj> models) {
        return linear7.process(sample, models);
    }

    @Override
    boolean freeSingularValue() {
        return true;
    }
}
