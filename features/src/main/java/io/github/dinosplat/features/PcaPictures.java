package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.List;

/** Pictures of dense features: their three principal components as red, green and blue. */
public final class PcaPictures {

    /** Patches that the basis is found from; more change nothing that can be seen. */
    private static final int SAMPLES = 20_000;

    private static final int ITERATIONS = 60;

    private final double[] mean;
    private final double[][] basis;
    private final double[] deviation;

    private PcaPictures(double[] mean, double[][] basis, double[] deviation) {
        this.mean = mean;
        this.basis = basis;
        this.deviation = deviation;
    }

    /**
     * A basis for pictures.
     *
     * @param samples feature vectors of all the photos that will be shown, at least one; more than about 20,000 change
     *     nothing that can be seen
     * @return pictures with the samples' principal components as colours
     * @throws IllegalArgumentException if there is none or their lengths differ
     */
    public static PcaPictures fitted(List<float[]> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must have at least one vector but were empty");
        }
        int channels = samples.get(0).length;
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
        double[][] basis = basis(samples, mean);
        return new PcaPictures(mean, basis, deviations(samples, mean, basis));
    }

    /**
     * Some of a map's feature vectors, evenly spaced.
     *
     * @param map feature map
     * @param most about how many at most
     * @return copies
     */
    public static List<float[]> samples(FeatureMap map, int most) {
        return samples(List.of(map), Math.max(1, (int) Math.ceil((double) map.rows() * map.columns() / most)));
    }

    /**
     * Pictures of feature maps, with one basis for all, so that like things have like colours in all photos. Deterministic.
     *
     * @param maps feature maps of one method
     * @return one picture for each map, a pixel for each patch
     * @throws IllegalArgumentException if the maps have different numbers of channels
     */
    public static List<Image> of(List<FeatureMap> maps) {
        if (maps.isEmpty()) {
            return List.of();
        }
        long patches = 0;
        for (FeatureMap m : maps) {
            patches += (long) m.rows() * m.columns();
        }
        PcaPictures pictures = fitted(samples(maps, (int) Math.max(1, patches / SAMPLES)));
        List<Image> all = new ArrayList<>();
        for (FeatureMap m : maps) {
            all.add(pictures.picture(m));
        }
        return all;
    }

    private static List<float[]> samples(List<FeatureMap> maps, int step) {
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

    /** Orthogonal iteration: the three leading eigenvectors of the covariance. */
    private static double[][] basis(List<float[]> samples, double[] mean) {
        int n = mean.length;
        double[][] basis = new double[3][n];
        for (int i = 0; i < 3; i++) {
            for (int k = 0; k < n; k++) {
                basis[i][k] = Math.cos((i + 1) * (k + 0.5));
            }
        }
        orthonormalise(basis);
        for (int iteration = 0; iteration < ITERATIONS; iteration++) {
            double[][] next = new double[3][n];
            for (float[] s : samples) {
                for (int i = 0; i < 3; i++) {
                    double p = project(s, mean, basis[i]);
                    for (int k = 0; k < n; k++) {
                        next[i][k] += p * (s[k] - mean[k]);
                    }
                }
            }
            orthonormalise(next);
            basis = next;
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

    /** Gram-Schmidt; a direction that vanishes (fewer than three in the data) becomes zero. */
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

    private static double[] deviations(List<float[]> samples, double[] mean, double[][] basis) {
        double[] deviation = new double[3];
        for (int i = 0; i < 3; i++) {
            double sum = 0;
            for (float[] s : samples) {
                double p = project(s, mean, basis[i]);
                sum += p * p;
            }
            deviation[i] = Math.max(1e-12, Math.sqrt(sum / samples.size()));
        }
        return deviation;
    }

    /**
     * The picture of a map.
     *
     * @param map feature map of the method that the samples came from
     * @return a pixel for each patch
     * @throws IllegalArgumentException if it has another number of channels than the samples
     */
    public Image picture(FeatureMap map) {
        if (map.channels() != mean.length) {
            throw new IllegalArgumentException(
                    "maps must have one number of channels but had " + mean.length + " and " + map.channels());
        }
        byte[] rgb = new byte[map.rows() * map.columns() * 3];
        float[] patch = new float[map.channels()];
        for (int r = 0; r < map.rows(); r++) {
            for (int c = 0; c < map.columns(); c++) {
                map.copyPatch(r, c, patch);
                for (int i = 0; i < 3; i++) {
                    double p = project(patch, mean, basis[i]) / deviation[i];
                    rgb[3 * (r * map.columns() + c) + i] = (byte) Math.round(255 / (1 + Math.exp(-1.5 * p)));
                }
            }
        }
        return new Image(map.columns(), map.rows(), rgb);
    }

    private static double project(float[] v, double[] mean, double[] direction) {
        double sum = 0;
        for (int k = 0; k < direction.length; k++) {
            sum += (v[k] - mean[k]) * direction[k];
        }
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }
}
