package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.assertj.core.data.Offset;

/** Holds gradients to five-point central differences of a function of parameters that are changed in place. */
final class CentralDifferences {

    /** Most difference, relative to the largest component of the gradient. */
    private static final double TOLERANCE = 1e-6;

    private CentralDifferences() {}

    /**
     * Compares component by component. A step that carries a pixel over a threshold gives no usable difference, which shows
     * in that half the step gives another one: such components are passed over.
     *
     * @param parameters what to change; as before afterwards
     * @param gradient the derivative by each of them
     * @param h step
     * @param value the function
     * @return how many components could be compared
     */
    static int compare(double[] parameters, double[] gradient, double h, DoubleSupplier value) {
        double scale = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        assertThat(scale).isGreaterThan(0);
        int compared = 0;
        for (int i = 0; i < parameters.length; i++) {
            double near = (at(parameters, i, h, value) - at(parameters, i, -h, value)) / (2 * h);
            double far = (at(parameters, i, 2 * h, value) - at(parameters, i, -2 * h, value)) / (4 * h);
            if (Math.abs(near - far) < TOLERANCE * scale) {
                compared++;
                assertThat(gradient[i])
                        .as("derivative %d", i)
                        .isCloseTo((4 * near - far) / 3, Offset.offset(TOLERANCE * scale));
            }
        }
        return compared;
    }

    private static double at(double[] parameters, int i, double step, DoubleSupplier value) {
        double kept = parameters[i];
        parameters[i] = kept + step;
        double result = value.getAsDouble();
        parameters[i] = kept;
        return result;
    }
}
