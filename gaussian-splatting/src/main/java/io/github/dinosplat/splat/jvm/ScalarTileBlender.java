package io.github.dinosplat.splat.jvm;

/** Blending pixel by pixel, for machines or launches without the vector module. */
final class ScalarTileBlender extends TileBlender {

    @Override
    void blend(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        float[] s = frame.splats;
        int live = pixels.live;
        int end = frame.tileStart[tile + 1];
        for (int hit = frame.tileStart[tile]; hit < end; hit++) {
            int at = frame.listGaussian[hit] * Splat.STRIDE;
            float x = s[at + Splat.X] - tileX;
            float y = s[at + Splat.Y] - tileY;
            int blocks = live & TileScratch.blocks(x, y, s[at + Splat.EX], s[at + Splat.EY]);
            int touched = 0;
            for (; blocks != 0; blocks &= blocks - 1) {
                int block = Integer.numberOfTrailingZeros(blocks);
                int result = blendBlock(s, at, x - blockX(block), y - blockY(block), block, pixels);
                touched |= (result & 1) << block;
                if (result == FINISHED) {
                    live &= ~(1 << block);
                }
            }
            frame.touched[frame.listSlot[hit]] = (short) touched;
            if (frame.featureChannels > 0) {
                blendFeatures(
                        features,
                        frame.listGaussian[hit] * frame.featureChannels,
                        frame.featureChannels,
                        touched,
                        pixels);
            }
        }
    }

    private static void blendFeatures(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int p = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int c = 0; c < channels; c++) {
                int plane = c * TileScratch.PIXELS;
                for (int k = p; k < p + TileScratch.BLOCK_PIXELS; k++) {
                    pixels.features[plane + k] += pixels.weight[k] * features[from + c];
                }
            }
        }
    }

    private static final int FINISHED = 3;

    /** Returns 0 when the Gaussian left the block as it was, 1 when it changed it, 3 when it also finished it. */
    private static int blendBlock(float[] s, int at, float x, float y, int block, TileScratch pixels) {
        float xx = s[at + Splat.XX];
        float xy = s[at + Splat.XY];
        float yy = s[at + Splat.YY];
        float log = s[at + Splat.LOG];
        boolean changed = false;
        boolean stopped = false;
        int base = block * TileScratch.BLOCK_PIXELS;
        for (int lane = 0; lane < TileScratch.BLOCK_PIXELS; lane++) {
            float dx = (lane & 3) - x;
            float dy = (lane >> 2) - y;
            float exponent = dx * (xx * dx + xy * dy) + (yy * dy * dy + log);
            pixels.weight[base + lane] = 0;
            if (exponent < BlendMath.MIN_EXPONENT) {
                continue;
            }
            float before = pixels.transmittance[base + lane];
            float alpha = Math.min(BlendMath.MAX_ALPHA, BlendMath.alpha(exponent));
            float weight = before * alpha;
            float after = before - weight;
            changed = true;
            if (after > BlendMath.MIN_TRANSMITTANCE) {
                pixels.transmittance[base + lane] = after;
                pixels.weight[base + lane] = weight;
                pixels.red[base + lane] += weight * s[at + Splat.RED];
                pixels.green[base + lane] += weight * s[at + Splat.GREEN];
                pixels.blue[base + lane] += weight * s[at + Splat.BLUE];
                pixels.depth[base + lane] += weight * s[at + Splat.BLENDED_DEPTH];
            } else {
                pixels.transmittance[base + lane] = -Math.abs(before);
                stopped = true;
            }
        }
        if (!stopped) {
            return changed ? 1 : 0;
        }
        for (int lane = 0; lane < TileScratch.BLOCK_PIXELS; lane++) {
            if (pixels.transmittance[base + lane] > 0) {
                return 1;
            }
        }
        return FINISHED;
    }

    @Override
    void gradients(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        float[] s = frame.splats;
        float[] out = frame.hitGradients;
        int end = frame.tileStart[tile + 1];
        for (int hit = frame.tileStart[tile]; hit < end; hit++) {
            int slot = frame.listSlot[hit];
            int blocks = frame.touched[slot] & 0xffff;
            if (blocks == 0) {
                continue;
            }
            int at = frame.listGaussian[hit] * Splat.STRIDE;
            int channels = frame.featureChannels;
            int from = frame.listGaussian[hit] * channels;
            if (channels > 0) {
                featureValues(features, from, channels, blocks, pixels);
            }
            int changed = blocks;
            java.util.Arrays.fill(out, slot * Frame.HIT_VALUES, (slot + 1) * Frame.HIT_VALUES, 0);
            for (; blocks != 0; blocks &= blocks - 1) {
                int block = Integer.numberOfTrailingZeros(blocks);
                float x = s[at + Splat.X] - tileX - blockX(block);
                float y = s[at + Splat.Y] - tileY - blockY(block);
                gradientOfBlock(
                        s,
                        at,
                        x,
                        y,
                        block,
                        pixels,
                        channels > 0 ? pixels.featureValue : pixels.alphaGradient,
                        out,
                        slot * Frame.HIT_VALUES);
            }
            for (int c = 0; c < channels; c++) {
                frame.hitFeatureGradients[slot * channels + c] = featureGradient(c, changed, pixels);
            }
        }
    }

    /** What each pixel's gradient gives by this hit's features, with that by opacity. */
    private static void featureValues(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int p = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int k = p; k < p + TileScratch.BLOCK_PIXELS; k++) {
                float value = pixels.alphaGradient[k];
                for (int c = 0; c < channels; c++) {
                    value += pixels.features[c * TileScratch.PIXELS + k] * features[from + c];
                }
                pixels.featureValue[k] = value;
            }
        }
    }

    private static float featureGradient(int channel, int blocks, TileScratch pixels) {
        float sum = 0;
        int plane = channel * TileScratch.PIXELS;
        for (int left = blocks; left != 0; left &= left - 1) {
            int p = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int k = p; k < p + TileScratch.BLOCK_PIXELS; k++) {
                sum += pixels.weight[k] * pixels.features[plane + k];
            }
        }
        return sum;
    }

    private static void gradientOfBlock(
            float[] s, int at, float x, float y, int block, TileScratch pixels, float[] byAlpha, float[] out, int to) {
        float xx = s[at + Splat.XX];
        float xy = s[at + Splat.XY];
        float yy = s[at + Splat.YY];
        float log = s[at + Splat.LOG];
        for (int lane = 0; lane < TileScratch.BLOCK_PIXELS; lane++) {
            int p = block * TileScratch.BLOCK_PIXELS + lane;
            float dx = (lane & 3) - x;
            float dy = (lane >> 2) - y;
            float exponent = dx * (xx * dx + xy * dy) + (yy * dy * dy + log);
            pixels.weight[p] = 0;
            if (exponent < BlendMath.MIN_EXPONENT) {
                continue;
            }
            float before = pixels.transmittance[p];
            float raw = BlendMath.alpha(exponent);
            float alpha = Math.min(BlendMath.MAX_ALPHA, raw);
            float weight = before * alpha;
            float after = before - weight;
            if (!(after > BlendMath.MIN_TRANSMITTANCE)) {
                pixels.transmittance[p] = -Math.abs(before);
                continue;
            }
            pixels.transmittance[p] = after;
            pixels.weight[p] = weight;
            float value = pixels.red[p] * s[at + Splat.RED]
                    + pixels.green[p] * s[at + Splat.GREEN]
                    + pixels.blue[p] * s[at + Splat.BLUE]
                    + pixels.depthGradient[p] * s[at + Splat.BLENDED_DEPTH]
                    + byAlpha[p];
            float behind = pixels.behind[p] - weight * value;
            pixels.behind[p] = behind;
            out[to + 6] += weight * pixels.red[p];
            out[to + 7] += weight * pixels.green[p];
            out[to + 8] += weight * pixels.blue[p];
            out[to + 9] += weight * pixels.depthGradient[p];
            if (raw <= BlendMath.MAX_ALPHA) {
                float v = weight * value - behind * alpha / (1 - alpha);
                out[to] += v;
                out[to + 1] += v * dx;
                out[to + 2] += v * dy;
                out[to + 3] += v * dx * dx;
                out[to + 4] += v * dx * dy;
                out[to + 5] += v * dy * dy;
            }
        }
    }
}
