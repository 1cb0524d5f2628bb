package io.github.dinosplat.splat.jvm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adam on a vector of parameters at a time. The compiler does not find these vectors by itself: gradients and parameters
 * lie at places of their own in arrays that might be the same one. With the operations of plain Java, none of them fused.
 */
final class VectorAdam extends Adam {

    private static final VectorSpecies<Float> SPECIES = VectorTileBlender.SPECIES;
    private static final int LANES = SPECIES.length();

    /**
     * The update of a step.
     *
     * @param iteration number of the step, from 1
     */
    VectorAdam(long iteration) {
        super(iteration);
    }

    @Override
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float[] rates) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector gradient = FloatVector.fromArray(SPECIES, gradients, i);
            FloatVector m =
                    FloatVector.fromArray(SPECIES, first, at + i).mul(BETA1).add(gradient.mul(1 - BETA1));
            FloatVector v = FloatVector.fromArray(SPECIES, second, at + i)
                    .mul(BETA2)
                    .add(gradient.mul(gradient).mul(1 - BETA2));
            m.intoArray(first, at + i);
            v.intoArray(second, at + i);
            FloatVector rate = FloatVector.fromArray(SPECIES, rates, i);
            FloatVector step =
                    rate.mul(correct1).mul(m).div(v.mul(correct2).sqrt().add(EPSILON));
            FloatVector.fromArray(SPECIES, parameters, at + i).sub(step).intoArray(parameters, at + i);
        }
        for (; i < count; i++) {
            moveOne(parameters, first, second, at + i, gradients[i], rates[i]);
        }
    }
}
