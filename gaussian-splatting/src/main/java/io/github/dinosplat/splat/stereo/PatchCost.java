package io.github.dinosplat.splat.stereo;

import java.util.List;

/**
 * How unlike the surroundings of a pixel are to the partners' pictures at the places of a plane: 1 less the correlation
 * (which no change of exposure touches), weighted towards pixels of the centre's brightness, the mean over the better
 * half of the partners.
 */
final class PatchCost {

    /** The patch is 5x5 samples at every second pixel. */
    private static final int SIDE = 5;

    private static final int STRIDE = 2;
    private static final int RADIUS = SIDE / 2 * STRIDE;
    private static final int SAMPLES = SIDE * SIDE;

    /** Differences of brightness beyond about this count little. */
    private static final float SIMILAR = 0.12f;

    /** Below this variance a patch has nothing to recognise it by. */
    private static final float LEAST_VARIANCE = 2e-5f;

    private static final float UNSEEN = 1.2f;

    private final int width;
    private final int height;
    private final float[] luma;
    private final float[][] others;
    private final int[] widths;
    private final int[] heights;
    private final float[][] warps;
    private final float[] partnerCosts;
    private final float[] values = new float[SAMPLES];
    private final float[] weights = new float[SAMPLES];
    private int x;
    private int y;
    private float weightSum;
    private float mean;
    private float variance;

    PatchCost(StereoView view, List<StereoView> partners) {
        width = view.picture().width();
        height = view.picture().height();
        luma = brightness(view);
        others = new float[partners.size()][];
        widths = new int[partners.size()];
        heights = new int[partners.size()];
        warps = new float[partners.size()][];
        partnerCosts = new float[partners.size()];
        for (int k = 0; k < others.length; k++) {
            others[k] = brightness(partners.get(k));
            widths[k] = partners.get(k).picture().width();
            heights[k] = partners.get(k).picture().height();
            warps[k] = new Warp(view, partners.get(k)).m;
        }
    }

    /** From 0 to 1. */
    private static float[] brightness(StereoView view) {
        float[] values = view.picture().luma();
        for (int i = 0; i < values.length; i++) {
            values[i] /= 255;
        }
        return values;
    }

    /** Moves to a pixel. */
    void centre(int pixel) {
        x = pixel % width;
        y = pixel / width;
        float own = luma[pixel];
        float sum = 0;
        float first = 0;
        float second = 0;
        int s = 0;
        for (int dy = -RADIUS; dy <= RADIUS; dy += STRIDE) {
            int row = Math.min(height - 1, Math.max(0, y + dy)) * width;
            for (int dx = -RADIUS; dx <= RADIUS; dx += STRIDE) {
                float value = luma[row + Math.min(width - 1, Math.max(0, x + dx))];
                float off = (value - own) / SIMILAR;
                float w = 1 / (1 + off * off);
                values[s] = value;
                weights[s++] = w;
                sum += w;
                first += w * value;
                second += w * value * value;
            }
        }
        weightSum = sum;
        mean = first / sum;
        variance = second / sum - mean * mean;
    }

    /** The cost of a plane. */
    float of(float inverse, float slopeX, float slopeY) {
        if (variance < LEAST_VARIANCE) {
            return 1;
        }
        int seen = 0;
        for (int k = 0; k < others.length; k++) {
            float c = partner(k, inverse, slopeX, slopeY);
            if (c < UNSEEN) {
                int at = seen++;
                while (at > 0 && partnerCosts[at - 1] > c) {
                    partnerCosts[at] = partnerCosts[at - 1];
                    at--;
                }
                partnerCosts[at] = c;
            }
        }
        if (seen == 0) {
            return UNSEEN;
        }
        int half = (seen + 1) / 2;
        float sum = 0;
        for (int k = 0; k < half; k++) {
            sum += partnerCosts[k];
        }
        return sum / half;
    }

    private float partner(int k, float inverse, float slopeX, float slopeY) {
        float[] m = warps[k];
        float[] other = others[k];
        int w = widths[k];
        int h = heights[k];
        float first = 0;
        float second = 0;
        float product = 0;
        int s = 0;
        for (int dy = -RADIUS; dy <= RADIUS; dy += STRIDE) {
            float py = y + dy + 0.5f;
            float rowX = m[1] * py + m[2];
            float rowY = m[4] * py + m[5];
            float rowZ = m[7] * py + m[8];
            float rowInverse = inverse + dy * slopeY;
            for (int dx = -RADIUS; dx <= RADIUS; dx += STRIDE) {
                float px = x + dx + 0.5f;
                float rho = rowInverse + dx * slopeX;
                float q = 1 / (m[6] * px + rowZ + m[11] * rho);
                float u = (m[0] * px + rowX + m[9] * rho) * q - 0.5f;
                float v = (m[3] * px + rowY + m[10] * rho) * q - 0.5f;
                if (!(q > 0 && u >= 0 && v >= 0 && u < w - 1 && v < h - 1)) {
                    return UNSEEN;
                }
                int iu = (int) u;
                int iv = (int) v;
                int at = iv * w + iu;
                float fu = u - iu;
                float fv = v - iv;
                float upper = other[at] + fu * (other[at + 1] - other[at]);
                float lower = other[at + w] + fu * (other[at + w + 1] - other[at + w]);
                float value = upper + fv * (lower - upper);
                float weighted = weights[s] * value;
                first += weighted;
                second += weighted * value;
                product += weighted * values[s++];
            }
        }
        float otherMean = first / weightSum;
        float otherVariance = second / weightSum - otherMean * otherMean;
        if (otherVariance < LEAST_VARIANCE / 4) {
            return 1;
        }
        float covariance = product / weightSum - mean * otherMean;
        return Math.min(1.1f, 1 - covariance / (float) Math.sqrt(variance * otherVariance));
    }
}
