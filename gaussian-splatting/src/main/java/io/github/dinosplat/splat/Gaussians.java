package io.github.dinosplat.splat;

/**
 * A set of 3-D Gaussians as a structure of arrays, in the parameters that are optimised: logarithms of the scales,
 * quaternions that need not have length one, logits of the opacities (Kerbl et al. 2023, section 5). Each may carry a short
 * feature vector that is rendered like a colour, without depending on the direction.
 *
 * <p>The arrays are shared with the caller and may be changed by their owner (the trainer or the engine that works on
 * them); their lengths never change. Positions and scales are in scene units.
 */
public final class Gaussians {

    /** How many spherical-harmonics coefficients each colour channel of a Gaussian has room for. */
    public static final int SH_COEFFICIENTS = 16;

    /** The highest degree of the spherical harmonics. */
    public static final int MAX_SH_DEGREE = 3;

    /** The most channels that features may have. */
    public static final int MAX_FEATURE_CHANNELS = 16;

    private final int count;
    private final int shDegree;
    private final float[] means;
    private final float[] logScales;
    private final float[] quaternions;
    private final float[] logitOpacities;
    private final float[] sh;
    private final int featureChannels;
    private final float[] features;

    /**
     * Gaussians without features on given arrays, which are not copied.
     *
     * @param shDegree the highest degree with coefficients that may differ from zero, 0 to 3
     * @param means [N, 3] centres in the world frame
     * @param logScales [N, 3] natural logarithms of the standard deviations along the three axes
     * @param quaternions [N, 4] world-from-axes rotation as w, x, y, z, of any length but zero
     * @param logitOpacities [N] logits of the opacities
     * @param sh [N, 16, 3] spherical-harmonics coefficients, the colour channel innermost; the colour of a Gaussian is
     *     {@code max(0, 0.5 + sum of coefficient times basis)}
     * @throws IllegalArgumentException if the degree is out of range or a length does not fit
     */
    public Gaussians(
            int shDegree, float[] means, float[] logScales, float[] quaternions, float[] logitOpacities, float[] sh) {
        this(shDegree, means, logScales, quaternions, logitOpacities, sh, 0, new float[0]);
    }

    private Gaussians(
            int shDegree,
            float[] means,
            float[] logScales,
            float[] quaternions,
            float[] logitOpacities,
            float[] sh,
            int featureChannels,
            float[] features) {
        if (shDegree < 0 || shDegree > MAX_SH_DEGREE) {
            throw new IllegalArgumentException("shDegree must be 0 to " + MAX_SH_DEGREE + " but was " + shDegree);
        }
        int n = logitOpacities.length;
        check("means", means.length, n, 3);
        check("logScales", logScales.length, n, 3);
        check("quaternions", quaternions.length, n, 4);
        check("sh", sh.length, n, SH_COEFFICIENTS * 3);
        if (featureChannels < 0 || featureChannels > MAX_FEATURE_CHANNELS) {
            throw new IllegalArgumentException(
                    "featureChannels must be 0 to " + MAX_FEATURE_CHANNELS + " but was " + featureChannels);
        }
        check("features", features.length, n, featureChannels);
        this.count = n;
        this.shDegree = shDegree;
        this.means = means;
        this.logScales = logScales;
        this.quaternions = quaternions;
        this.logitOpacities = logitOpacities;
        this.sh = sh;
        this.featureChannels = featureChannels;
        this.features = features;
    }

    private static void check(String name, int length, int count, int stride) {
        if (length != (long) count * stride) {
            throw new IllegalArgumentException(
                    "expected " + name + " [N=" + count + ", " + stride + "] but length was " + length);
        }
    }

    /**
     * The number that stands for an opacity.
     *
     * @param opacity above 0 and below 1
     * @return its logit
     */
    public static double logit(double opacity) {
        return Math.log(opacity / (1 - opacity));
    }

    /**
     * Gaussians with all parameters zero, for callers that fill the arrays, and as zero moments of Adam.
     *
     * @param count how many
     * @param shDegree degree of the colours, 0 to 3
     * @return new Gaussians
     */
    public static Gaussians zeros(int count, int shDegree) {
        return new Gaussians(
                shDegree,
                new float[3 * count],
                new float[3 * count],
                new float[4 * count],
                new float[count],
                new float[SH_COEFFICIENTS * 3 * count]);
    }

    /**
     * Zeros in the shape of these Gaussians: Adam's moments before the first step.
     *
     * @return new Gaussians of the same count and feature channels, with room for all degrees
     */
    public Gaussians zeroMoments() {
        return zeros(count, MAX_SH_DEGREE).withFeatures(featureChannels, new float[count * featureChannels]);
    }

    /**
     * How many Gaussians there are.
     *
     * @return count
     */
    public int count() {
        return count;
    }

    /**
     * The highest degree with coefficients that may differ from zero.
     *
     * @return 0 to 3
     */
    public int shDegree() {
        return shDegree;
    }

    /**
     * The centres.
     *
     * @return [N, 3] in the world frame; the array itself
     */
    public float[] means() {
        return means;
    }

    /**
     * The logarithms of the standard deviations.
     *
     * @return [N, 3]; the array itself
     */
    public float[] logScales() {
        return logScales;
    }

    /**
     * The rotations.
     *
     * @return [N, 4] as w, x, y, z, not necessarily of length one; the array itself
     */
    public float[] quaternions() {
        return quaternions;
    }

    /**
     * The logits of the opacities.
     *
     * @return [N]; the array itself
     */
    public float[] logitOpacities() {
        return logitOpacities;
    }

    /**
     * The spherical-harmonics coefficients of the colours: coefficient k of channel c of Gaussian i is at
     * {@code (i * 16 + k) * 3 + c}.
     *
     * @return [N, 16, 3]; the array itself
     */
    public float[] sh() {
        return sh;
    }

    /**
     * How many features each Gaussian carries.
     *
     * @return 0 to 16
     */
    public int featureChannels() {
        return featureChannels;
    }

    /**
     * The features.
     *
     * @return [N, channels]; the array itself, empty without channels
     */
    public float[] features() {
        return features;
    }

    /**
     * The same arrays with other features, which are not copied.
     *
     * @param channels how many each Gaussian carries, 0 to 16
     * @param newFeatures [N, channels]
     * @return Gaussians on the same arrays
     * @throws IllegalArgumentException if the number of channels is out of range or the length does not fit
     */
    public Gaussians withFeatures(int channels, float[] newFeatures) {
        return new Gaussians(shDegree, means, logScales, quaternions, logitOpacities, sh, channels, newFeatures);
    }

    /**
     * A copy that shares nothing.
     *
     * @return new Gaussians
     */
    public Gaussians copy() {
        return new Gaussians(
                shDegree,
                means.clone(),
                logScales.clone(),
                quaternions.clone(),
                logitOpacities.clone(),
                sh.clone(),
                featureChannels,
                features.clone());
    }

    /**
     * Gathers Gaussians by index, in the order given; an index may come several times or not at all.
     *
     * @param indices which Gaussians
     * @return new Gaussians, one for each index
     */
    public Gaussians select(int[] indices) {
        return new Gaussians(
                shDegree,
                gather(means, 3, indices),
                gather(logScales, 3, indices),
                gather(quaternions, 4, indices),
                gather(logitOpacities, 1, indices),
                gather(sh, SH_COEFFICIENTS * 3, indices),
                featureChannels,
                gather(features, featureChannels, indices));
    }

    private static float[] gather(float[] source, int stride, int[] indices) {
        float[] target = new float[indices.length * stride];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(source, indices[i] * stride, target, i * stride, stride);
        }
        return target;
    }

    /**
     * The first parameter that is no usable number: NaN anywhere, an infinite value other than an opacity's logit, a
     * quaternion of length zero.
     *
     * @return index of the first such Gaussian, or -1 when all are usable
     */
    public int firstUnusable() {
        for (int i = 0; i < count; i++) {
            float sum = 0; // stays 0 exactly when every value is finite
            for (int k = 0; k < 3; k++) {
                sum += 0 * means[3 * i + k] + 0 * logScales[3 * i + k];
            }
            float norm = 0;
            for (int k = 0; k < 4; k++) {
                norm += quaternions[4 * i + k] * quaternions[4 * i + k];
            }
            for (int k = 0; k < SH_COEFFICIENTS * 3; k++) {
                sum += 0 * sh[SH_COEFFICIENTS * 3 * i + k];
            }
            for (int k = 0; k < featureChannels; k++) {
                sum += 0 * features[featureChannels * i + k];
            }
            if (!(sum == 0) || !(norm > 0) || Float.isInfinite(norm) || Float.isNaN(logitOpacities[i])) {
                return i;
            }
        }
        return -1;
    }
}
