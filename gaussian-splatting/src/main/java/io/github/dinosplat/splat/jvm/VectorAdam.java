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
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float rate) {
        FloatVector each = FloatVector.broadcast(SPECIES, rate);
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            move(parameters, first, second, at + i, FloatVector.fromArray(SPECIES, gradients, i), each);
        }
        for (; i < count; i++) {
            moveOne(parameters, first, second, at + i, gradients[i], rate);
        }
    }

    @Override
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float[] rates) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            FloatVector each = FloatVector.fromArray(SPECIES, rates, i);
            move(parameters, first, second, at + i, FloatVector.fromArray(SPECIES, gradients, i), each);
        }
        for (; i < count; i++) {
            moveOne(parameters, first, second, at + i, gradients[i], rates[i]);
        }
    }

    private void move(
            float[] parameters, float[] first, float[] second, int at, FloatVector gradient, FloatVector rate) {
        FloatVector m = FloatVector.fromArray(SPECIES, first, at).mul(BETA1).add(gradient.mul(1 - BETA1));
        FloatVector v = FloatVector.fromArray(SPECIES, second, at)
                .mul(BETA2)
                .add(gradient.mul(gradient).mul(1 - BETA2));
        m.intoArray(first, at);
        v.intoArray(second, at);
        FloatVector step = rate.mul(correct1).mul(m).div(v.mul(correct2).sqrt().add(EPSILON));
        FloatVector.fromArray(SPECIES, parameters, at).sub(step).intoArray(parameters, at);
    }
}
