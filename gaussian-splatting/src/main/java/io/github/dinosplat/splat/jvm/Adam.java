package io.github.dinosplat.splat.jvm;

/**
 * Adam's update (Kingma and Ba 2015, algorithm 1) with beta 0.9 and 0.999 and epsilon 1e-15, on stretches of the
 * parameter arrays.
 */
final class Adam {

    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-15f;

    /** Makes up for the moments' start at zero. */
    private final float correct1;

    private final float correct2;

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
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float rate) {
        float step = rate * correct1;
        for (int i = 0; i < count; i++) {
            float g = gradients[i];
            float m = BETA1 * first[at + i] + (1 - BETA1) * g;
            float v = BETA2 * second[at + i] + (1 - BETA2) * (g * g);
            first[at + i] = m;
            second[at + i] = v;
            parameters[at + i] -= step * m / ((float) Math.sqrt(v * correct2) + EPSILON);
        }
    }

    /** The same with a rate for each parameter, which starts at 0. */
    void move(float[] parameters, float[] first, float[] second, int at, float[] gradients, int count, float[] rates) {
        for (int i = 0; i < count; i++) {
            float g = gradients[i];
            float m = BETA1 * first[at + i] + (1 - BETA1) * g;
            float v = BETA2 * second[at + i] + (1 - BETA2) * (g * g);
            first[at + i] = m;
            second[at + i] = v;
            parameters[at + i] -= rates[i] * correct1 * m / ((float) Math.sqrt(v * correct2) + EPSILON);
        }
    }
}
