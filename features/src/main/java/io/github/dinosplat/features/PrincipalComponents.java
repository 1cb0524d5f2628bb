package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The leading principal components of feature vectors: fewer channels that keep most of what differs. Deterministic.
 * Immutable.
 */
public final class PrincipalComponents {

    /** Vectors that a basis is found from; more change next to nothing. */
    private static final int SAMPLES = 20_000;

    private static final int ITERATIONS = 60;

    private final double[] mean;
    private final double[][] basis;
    private final double[] deviations;

    private PrincipalComponents(double[] mean, double[][] basis, double[] deviations) {
        this.mean = mean;
        this.basis = basis;
        this.deviations = deviations;
    }

    /**
     * Finds the components of some vectors.
     *
     * @param samples feature vectors, at least one
     * @param count how many components, at least 1
     * @return the components; those beyond what the samples span are zero
     * @throws IllegalArgumentException if there is no sample, their lengths differ or the count is out of range
     */
    public static PrincipalComponents fitted(List<float[]> samples, int count) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must have at least one vector but were empty");
        }
        int channels = samples.get(0).length;
        if (count < 1) {
            throw new IllegalArgumentException("count must be at least 1 but was " + count);
        }
        double[] mean = new double[channels];
        for (float[] s : samples) {
            if (s.length != channels) {
                throw new IllegalArgumentException(
                        "maps must have one number of channels but had " + channels + " and " + s.length);
            }
            for (int k = 0; k < channels; k++) {
                mean[k] += s[k] / (double) samples.size();
            }
        }
        double[][] covariance = covariance(samples, mean);
        double[][] basis = basis(covariance, count);
        double[] deviations = new double[count];
        for (int i = 0; i < count; i++) {
            deviations[i] = Math.sqrt(Math.max(0, dot(basis[i], product(covariance, basis[i]))));
        }
        return new PrincipalComponents(mean, basis, deviations);
    }

    /**
     * Finds the components of feature maps.
     *
     * @param maps maps of one method, at least one
     * @param count how many components, at least 1
     * @return the components
     * @throws IllegalArgumentException as {@link #fitted}
     */
    public static PrincipalComponents of(List<FeatureMap> maps, int count) {
        long patches = 0;
        for (FeatureMap m : maps) {
            patches += (long) m.rows() * m.columns();
        }
        return fitted(samples(maps, (int) Math.max(1, patches / SAMPLES)), count);
    }

    /** Every so many-th vector of some maps. */
    static List<float[]> samples(List<FeatureMap> maps, int step) {
        List<float[]> samples = new ArrayList<>();
        int i = 0;
        for (FeatureMap m : maps) {
            for (int r = 0; r < m.rows(); r++) {
                for (int c = 0; c < m.columns(); c++) {
                    if (i++ % step == 0) {
                        float[] patch = new float[m.channels()];
                        m.copyPatch(r, c, patch);
                        samples.add(patch);
                    }
                }
            }
        }
        return samples;
    }

    /**
     * How many components there are.
     *
     * @return count
     */
    public int count() {
        return basis.length;
    }

    /**
     * How far the samples spread along a component.
     *
     * @param component from 0, the most important first
     * @return standard deviation
     */
    public double deviation(int component) {
        return deviations[component];
    }

    /**
     * A map in these components: the samples' mean becomes zero.
     *
     * @param map feature map of the method that the samples came from
     * @return the same patches with {@link #count} channels
     * @throws IllegalArgumentException if it has another number of channels than the samples
     */
    public FeatureMap reduce(FeatureMap map) {
        requireChannels(map);
        float[] values = new float[map.rows() * map.columns() * basis.length];
        float[] patch = new float[map.channels()];
        int to = 0;
        for (int r = 0; r < map.rows(); r++) {
            for (int c = 0; c < map.columns(); c++) {
                map.copyPatch(r, c, patch);
                for (double[] direction : basis) {
                    double sum = 0;
                    for (int k = 0; k < patch.length; k++) {
                        sum += (patch[k] - mean[k]) * direction[k];
                    }
                    values[to++] = (float) sum;
                }
            }
        }
        return new FeatureMap(map.rows(), map.columns(), basis.length, map.photoWidth(), map.photoHeight(), values);
    }

    /**
     * A map less the samples' mean, in its own channels.
     *
     * @param map feature map of the method that the samples came from
     * @return the same patches, about zero on the whole
     * @throws IllegalArgumentException if it has another number of channels than the samples
     */
    public FeatureMap centred(FeatureMap map) {
        requireChannels(map);
        float[] values = new float[map.rows() * map.columns() * mean.length];
        for (int i = 0; i < values.length; i++) {
            int patch = i / mean.length;
            int k = i % mean.length;
            values[i] = (float) (map.value(patch / map.columns(), patch % map.columns(), k) - mean[k]);
        }
        return new FeatureMap(map.rows(), map.columns(), mean.length, map.photoWidth(), map.photoHeight(), values);
    }

    private void requireChannels(FeatureMap map) {
        if (map.channels() != mean.length) {
            throw new IllegalArgumentException(
                    "maps must have one number of channels but had " + mean.length + " and " + map.channels());
        }
    }

    private static double[][] covariance(List<float[]> samples, double[] mean) {
        int n = mean.length;
        double[][] covariance = new double[n][n];
        double[] centred = new double[n];
        for (float[] s : samples) {
            for (int k = 0; k < n; k++) {
                centred[k] = s[k] - mean[k];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    covariance[i][j] += centred[i] * centred[j];
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] /= samples.size();
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    /** Orthogonal iteration: the leading eigenvectors of the covariance, the largest entry of each positive. */
    private static double[][] basis(double[][] covariance, int count) {
        int n = covariance.length;
        double[][] basis = new double[count][n];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < n; k++) {
                basis[i][k] = Math.cos((i + 1) * (k + 0.5));
            }
        }
        orthonormalise(basis);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[][] last = basis;
            basis = Arrays.stream(last).map(b -> product(covariance, b)).toArray(double[][]::new);
            orthonormalise(basis);
        }
        for (double[] b : basis) {
            int most = 0;
            for (int k = 1; k < n; k++) {
                most = Math.abs(b[k]) > Math.abs(b[most]) ? k : most;
            }
            if (b[most] < 0) {
                for (int k = 0; k < n; k++) {
                    b[k] = -b[k];
                }
            }
        }
        return basis;
    }

    /** Gram-Schmidt; a direction that vanishes (fewer than asked for in the data) becomes zero. */
    private static void orthonormalise(double[][] basis) {
        for (int i = 0; i < basis.length; i++) {
            double before = Math.sqrt(dot(basis[i], basis[i]));
            for (int j = 0; j < i; j++) {
                double d = dot(basis[i], basis[j]);
                for (int k = 0; k < basis[i].length; k++) {
                    basis[i][k] -= d * basis[j][k];
                }
            }
            double norm = Math.sqrt(dot(basis[i], basis[i]));
            double scale = norm > 1e-12 * before && norm > 0 ? 1 / norm : 0;
            for (int k = 0; k < basis[i].length; k++) {
                basis[i][k] *= scale;
            }
        }
    }

    private static double[] product(double[][] matrix, double[] v) {
        return Arrays.stream(matrix).mapToDouble(row -> dot(row, v)).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
