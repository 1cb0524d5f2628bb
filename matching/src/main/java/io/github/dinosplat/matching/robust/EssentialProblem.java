package io.github.dinosplat.matching.robust;

import boofcv.alg.geo.f.EssentialNister5;
import boofcv.struct.geo.AssociatedPair;
import java.util.List;
import org.ddogleg.struct.DogArray;
import org.ejml.data.DMatrixRMaj;

/** Essential matrices from viewing rays, by Nister's five-point algorithm. */
final class EssentialProblem extends EpipolarProblem {

    private final EssentialNister5 nister = new EssentialNister5();

    /** Rays [n, 2] at depth 1 and focal lengths in pixels. */
    EssentialProblem(double[] raysA, double fxA, double fyA, double[] raysB, double fxB, double fyB) {
        super(raysA, 1 / fxA, 1 / fyA, raysB, 1 / fxB, 1 / fyB);
    }

    @Override
    public int sampleSize() {
        return 5;
    }

    @Override
    boolean solve(List<AssociatedPair> sample, DogArray<DMatrixRMaj> models) {
        return nister.processNormalized(sample, models);
    }

    @Override
    boolean freeSingularValue() {
        return false;
    }
}
