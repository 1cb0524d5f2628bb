package io.github.dinosplat.splat.jvm;

import java.util.Arrays;

/** Blending pixel by pixel, for machines or launches without the vector module. */
final class ScalarTileBlender extends TileBlender {

    private static final int FINISHED = 0x10000;

    @Override
    int blendHit(float[] s, int at, float x, float y, int blocks, float[] planes) {
        int result = 0;
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            result |= blendBlock(s, at, x, y, TileScratch.at(block), planes) << block;
        }
        return result;
    }

    /** Returns 1 when the Gaussian changed the block, and {@link #FINISHED} when no unfinished pixel is left in it. */
    private static int blendBlock(float[] s, int at, float x, float y, int block, float[] p) {
        float xx = s[at + Splat.XX];
        float xy = s[at + Splat.XY];
        float yy = s[at + Splat.YY];
        float log = s[at + Splat.LOG];
        int changed = 0;
        int finished = FINISHED;
        for (int b = block; b < block + TileScratch.BLOCK_PIXELS; b++) {
            float dx = p[b + TileScratch.X] - x;
            float dy = p[b + TileScratch.Y] - y;
            float exponent = dx * (xx * dx + xy * dy) + (yy * dy * dy + log);
            float before = p[b + TileScratch.TRANSMITTANCE];
            p[b + TileScratch.WEIGHT] = 0;
            if (!(exponent >= BlendMath.MIN_EXPONENT)) {
                finished = before > 0 ? 0 : finished;
                continue;
            }
            float weight = before * Math.min(BlendMath.MAX_ALPHA, BlendMath.alpha(exponent));
            float after = before - weight;
            changed = 1;
            if (after > BlendMath.MIN_TRANSMITTANCE) {
                finished = 0;
                p[b + TileScratch.TRANSMITTANCE] = after;
                p[b + TileScratch.WEIGHT] = weight;
                p[b + TileScratch.RED] += weight * s[at + Splat.RED];
                p[b + TileScratch.GREEN] += weight * s[at + Splat.GREEN];
                p[b + TileScratch.BLUE] += weight * s[at + Splat.BLUE];
                p[b + TileScratch.DEPTH] += weight * s[at + Splat.DEPTH];
            } else {
                p[b + TileScratch.TRANSMITTANCE] = -Math.abs(before);
            }
        }
        return changed | finished;
    }

    @Override
    void gradientHit(float[] s, int at, float x, float y, int blocks, TileScratch pixels, int hit) {
        int to = hit * Frame.HIT_VALUES;
        Arrays.fill(pixels.sums, to, to + Frame.HIT_VALUES, 0);
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = TileScratch.at(Integer.numberOfTrailingZeros(left));
            for (int b = block; b < block + TileScratch.BLOCK_PIXELS; b++) {
                gradientOfPixel(s, at, x, y, b, pixels.planes, pixels.sums, to);
            }
        }
    }

    @Override
    void sumHits(int hits, TileScratch pixels) {
        // gradientHit has summed already.
    }

    private static void gradientOfPixel(float[] s, int at, float x, float y, int b, float[] p, float[] out, int to) {
        float dx = p[b + TileScratch.X] - x;
        float dy = p[b + TileScratch.Y] - y;
        float exponent =
                dx * (s[at + Splat.XX] * dx + s[at + Splat.XY] * dy) + (s[at + Splat.YY] * dy * dy + s[at + Splat.LOG]);
        p[b + TileScratch.WEIGHT] = 0;
        p[b + TileScratch.SLOPE] = 0;
        if (!(exponent >= BlendMath.MIN_EXPONENT)) {
            return;
        }
        float before = p[b + TileScratch.TRANSMITTANCE];
        float raw = BlendMath.alpha(exponent);
        float alpha = Math.min(BlendMath.MAX_ALPHA, raw);
        float weight = before * alpha;
        float after = before - weight;
        if (!(after > BlendMath.MIN_TRANSMITTANCE)) {
            p[b + TileScratch.TRANSMITTANCE] = -Math.abs(before);
            return;
        }
        p[b + TileScratch.TRANSMITTANCE] = after;
        p[b + TileScratch.WEIGHT] = weight;
        float value = p[b + TileScratch.RED] * s[at + Splat.RED]
                + p[b + TileScratch.GREEN] * s[at + Splat.GREEN]
                + p[b + TileScratch.BLUE] * s[at + Splat.BLUE]
                + p[b + TileScratch.DEPTH] * s[at + Splat.DEPTH]
                + p[b + TileScratch.VALUE];
        float behind = p[b + TileScratch.BEHIND] - weight * value;
        p[b + TileScratch.BEHIND] = behind;
        out[to + 6] += weight * p[b + TileScratch.RED];
        out[to + 7] += weight * p[b + TileScratch.GREEN];
        out[to + 8] += weight * p[b + TileScratch.BLUE];
        out[to + 9] += weight * p[b + TileScratch.DEPTH];
        if (raw <= BlendMath.MAX_ALPHA) {
            float v = weight * value - behind * (alpha / (1 - alpha));
            p[b + TileScratch.SLOPE] = v;
            out[to] += v;
            out[to + 1] += v * dx;
            out[to + 2] += v * dy;
            out[to + 3] += v * dx * dx;
            out[to + 4] += v * dx * dy;
            out[to + 5] += v * dy * dy;
        }
    }

    @Override
    void blendFeatures(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            int weight = TileScratch.at(block) + TileScratch.WEIGHT;
            for (int c = 0; c < channels; c++) {
                int f = TileScratch.feature(c, block);
                for (int k = 0; k < TileScratch.BLOCK_PIXELS; k++) {
                    pixels.features[f + k] += pixels.planes[weight + k] * features[from + c];
                }
            }
        }
    }

    @Override
    void featureValues(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            int at = TileScratch.at(block);
            for (int k = 0; k < TileScratch.BLOCK_PIXELS; k++) {
                float value = pixels.planes[at + TileScratch.ALPHA + k];
                for (int c = 0; c < channels; c++) {
                    value += pixels.features[TileScratch.feature(c, block) + k] * features[from + c];
                }
                pixels.planes[at + TileScratch.VALUE + k] = value;
            }
        }
    }

    @Override
    void featureGradients(int channels, int blocks, TileScratch pixels, float[] out, int to) {
        for (int c = 0; c < channels; c++) {
            float sum = 0;
            for (int left = blocks; left != 0; left &= left - 1) {
                int block = Integer.numberOfTrailingZeros(left);
                int weight = TileScratch.at(block) + TileScratch.WEIGHT;
                int f = TileScratch.feature(c, block);
                for (int k = 0; k < TileScratch.BLOCK_PIXELS; k++) {
                    sum += pixels.planes[weight + k] * pixels.features[f + k];
                }
            }
            out[to + c] = sum;
        }
    }
}
