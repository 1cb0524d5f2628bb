package io.github.dinosplat.splat.jvm;

/**
 * Adam's update (Kingma and Ba 2015, algorithm 1) with beta 0.9 and 0.999 and epsilon 1e-15, on stretches of the
 * parameter arrays. Plain Java and vectors give the same bits.
 */
sealed class Adam permits VectorAdam {

    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.999f;
    static final float EPSILON = 1e-15f;

    /** Makes up for the moments' start at zero. */
    final float correct1;

    final float correct2;

    /**
     * The update of a step.
     *
     * @param iteration number of the step, from 1
     */
    Adam(long iteration) {
        correct1 = (float) (1 / (1 - Math.pow(0.9, iteration)));
        correct2 = (float) (1 / (1 - Math.pow(0.999, iteration)));
    }

    /** Moves {@code count} parameters from {@code at} on, against gradients that start at 0. */
    final void move(
            float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float rate) {
        for (int i = 0; i < count; i++) {
            moveOne(parameters, first, second, at + i, gradients[i], rate);
        }
    }

    /** The same with a rate for each parameter, which starts at 0. */
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float[] rates) {
        for (int i = 0; i < count; i++) {
            moveOne(parameters, first, second, at + i, gradients[i], rates[i]);
        }
    }

    final void moveOne(float[] parameters, float[] first, float[] second, int i, float gradient, float rate) {
        float m = BETA1 * first[i] + (1 - BETA1) * gradient;
        float v = BETA2 * second[i] + (1 - BETA2) * (gradient * gradient);
        first[i] = m;
        second[i] = v;
        parameters[i] -= rate * correct1 * m / ((float) Math.sqrt(v * correct2) + EPSILON);
    }
}
