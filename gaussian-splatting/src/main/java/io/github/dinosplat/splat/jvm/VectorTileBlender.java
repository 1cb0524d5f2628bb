package io.github.dinosplat.splat.jvm;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blending with a vector of pixels at a time: a whole 4x4 block with 16 lanes, rows of it with fewer.
 *
 * <p>Only lane-wise operations whose result is exactly defined are used; sums over lanes are added in an order written
 * here. So interpreted and compiled code agree to the bit, and a run does not depend on when the compiler stepped in.
 */
final class VectorTileBlender extends TileBlender {

    /** The only species in the process: a second one would blur the compiler's type profiles, and vectors would be boxed. */
    static final VectorSpecies<Float> SPECIES = species();

    private static final int LANES = SPECIES.length();

    /** Offsets of the lanes from the first pixel of a block. */
    private static final FloatVector LANE_X = lanes(false);

    private static final FloatVector LANE_Y = lanes(true);

    private static VectorSpecies<Float> species() {
        int preferred = FloatVector.SPECIES_PREFERRED.length();
        return preferred > 16
                ? FloatVector.SPECIES_512
                : preferred < 4 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_PREFERRED;
    }

    private static FloatVector lanes(boolean row) {
        float[] offsets = new float[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            offsets[lane] = row ? lane / TileScratch.BLOCK : lane % TileScratch.BLOCK;
        }
        return FloatVector.fromArray(SPECIES, offsets, 0);
    }

    /** How many pixels are handled at once. */
    static int laneCount() {
        return LANES;
    }

    /** See {@link BlendMath#alpha}. */
    private static FloatVector alpha(FloatVector exponent) {
        FloatVector root = FloatVector.broadcast(SPECIES, BlendMath.P5)
                .fma(exponent, FloatVector.broadcast(SPECIES, BlendMath.P4))
                .fma(exponent, FloatVector.broadcast(SPECIES, BlendMath.P3))
                .fma(exponent, FloatVector.broadcast(SPECIES, BlendMath.P2))
                .fma(exponent, FloatVector.broadcast(SPECIES, BlendMath.P1))
                .fma(exponent, FloatVector.broadcast(SPECIES, BlendMath.P0));
        FloatVector square = root.mul(root);
        FloatVector fourth = square.mul(square);
        return fourth.mul(fourth);
    }

    @Override
    void blend(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        float[] s = frame.splats;
        float[] transmittance = pixels.transmittance;
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
                float blockX = x - blockX(block);
                float blockY = y - blockY(block);
                boolean unfinished = false;
                for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                    FloatVector dx = LANE_X.sub(blockX);
                    FloatVector dy = LANE_Y.sub(blockY - row / TileScratch.BLOCK);
                    FloatVector exponent = exponent(s, at, dx, dy);
                    VectorMask<Float> counts = exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT);
                    int p = block * TileScratch.BLOCK_PIXELS + row;
                    if (!counts.anyTrue()) {
                        unfinished = true;
                        FloatVector.zero(SPECIES).intoArray(pixels.weight, p);
                        continue;
                    }
                    touched |= 1 << block;
                    FloatVector none = FloatVector.zero(SPECIES);
                    FloatVector a = none.blend(alpha(exponent).min(BlendMath.MAX_ALPHA), counts);
                    FloatVector before = FloatVector.fromArray(SPECIES, transmittance, p);
                    FloatVector wanted = before.mul(a);
                    FloatVector after = before.sub(wanted);
                    VectorMask<Float> open = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
                    FloatVector weight = none.blend(wanted, open);
                    weight.intoArray(pixels.weight, p);
                    before.abs().neg().blend(after, open).intoArray(transmittance, p);
                    unfinished |= open.anyTrue();
                    accumulate(weight, s[at + Splat.RED], pixels.red, p);
                    accumulate(weight, s[at + Splat.GREEN], pixels.green, p);
                    accumulate(weight, s[at + Splat.BLUE], pixels.blue, p);
                    accumulate(weight, s[at + Splat.BLENDED_DEPTH], pixels.depth, p);
                }
                if (!unfinished) {
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
            int first = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int p = first; p < first + TileScratch.BLOCK_PIXELS; p += LANES) {
                for (int c = 0; c < channels; c++) {
                    accumulate(
                            FloatVector.fromArray(SPECIES, pixels.weight, p),
                            features[from + c],
                            pixels.features,
                            c * TileScratch.PIXELS + p);
                }
            }
        }
    }

    private static void accumulate(FloatVector weight, float value, float[] sums, int at) {
        weight.fma(FloatVector.broadcast(SPECIES, value), FloatVector.fromArray(SPECIES, sums, at))
                .intoArray(sums, at);
    }

    @Override
    void gradients(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        int end = frame.tileStart[tile + 1];
        for (int hit = frame.tileStart[tile]; hit < end; hit++) {
            int slot = frame.listSlot[hit];
            int blocks = frame.touched[slot] & 0xffff;
            if (blocks != 0) {
                int at = frame.listGaussian[hit] * Splat.STRIDE;
                int channels = frame.featureChannels;
                float[] byAlpha = pixels.alphaGradient;
                if (channels > 0) {
                    featureValues(features, frame.listGaussian[hit] * channels, channels, blocks, pixels);
                    byAlpha = pixels.featureValue;
                }
                gradientLanes(frame.splats, at, tileX, tileY, blocks, pixels, byAlpha);
                sumLanes(pixels.lanes, Frame.HIT_VALUES, frame.hitGradients, slot * Frame.HIT_VALUES);
                if (channels > 0) {
                    featureLanes(channels, blocks, pixels);
                    sumLanes(pixels.featureLanes, channels, frame.hitFeatureGradients, slot * channels);
                }
            }
        }
    }

    /** What each pixel's gradient gives by this hit's features, with that by opacity. */
    private static void featureValues(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int first = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int p = first; p < first + TileScratch.BLOCK_PIXELS; p += LANES) {
                FloatVector.fromArray(SPECIES, pixels.alphaGradient, p).intoArray(pixels.featureValue, p);
                for (int c = 0; c < channels; c++) {
                    accumulate(
                            FloatVector.fromArray(SPECIES, pixels.features, c * TileScratch.PIXELS + p),
                            features[from + c],
                            pixels.featureValue,
                            p);
                }
            }
        }
    }

    private static void featureLanes(int channels, int blocks, TileScratch pixels) {
        float[] lanes = pixels.featureLanes;
        Arrays.fill(lanes, 0, channels * LANES, 0);
        for (int left = blocks; left != 0; left &= left - 1) {
            int first = Integer.numberOfTrailingZeros(left) * TileScratch.BLOCK_PIXELS;
            for (int p = first; p < first + TileScratch.BLOCK_PIXELS; p += LANES) {
                for (int c = 0; c < channels; c++) {
                    FloatVector.fromArray(SPECIES, pixels.weight, p)
                            .fma(
                                    FloatVector.fromArray(SPECIES, pixels.features, c * TileScratch.PIXELS + p),
                                    FloatVector.fromArray(SPECIES, lanes, c * LANES))
                            .intoArray(lanes, c * LANES);
                }
            }
        }
    }

    /**
     * Takes one hit's gradients from its blocks, still separate by lane. The sums are kept in memory and no vector lives
     * across a join of control flow: there the Java 17 compiler loses track of its type and boxes it. For the same reason
     * the additions are written out: in so large a method the compiler inlines only the vector library's own calls.
     */
    private static void gradientLanes(
            float[] s, int at, float tileX, float tileY, int blocks, TileScratch pixels, float[] byAlpha) {
        float[] transmittance = pixels.transmittance;
        float[] lanes = pixels.lanes;
        float x = s[at + Splat.X] - tileX;
        float y = s[at + Splat.Y] - tileY;
        Arrays.fill(lanes, 0, Frame.HIT_VALUES * LANES, 0);
        for (; blocks != 0; blocks &= blocks - 1) {
            int block = Integer.numberOfTrailingZeros(blocks);
            float blockX = x - blockX(block);
            float blockY = y - blockY(block);
            for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                FloatVector dx = LANE_X.sub(blockX);
                FloatVector dy = LANE_Y.sub(blockY - row / TileScratch.BLOCK);
                FloatVector none = FloatVector.zero(SPECIES);
                FloatVector exponent = exponent(s, at, dx, dy);
                int p = block * TileScratch.BLOCK_PIXELS + row;
                FloatVector raw = alpha(exponent);
                FloatVector before = FloatVector.fromArray(SPECIES, transmittance, p);
                FloatVector a = none.blend(
                        raw.min(BlendMath.MAX_ALPHA), exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT));
                FloatVector after = before.sub(before.mul(a));
                VectorMask<Float> open = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
                none.blend(after, open).intoArray(transmittance, p);
                a = none.blend(a, open);
                FloatVector weight = before.mul(a);
                weight.intoArray(pixels.weight, p);
                FloatVector byRed = FloatVector.fromArray(SPECIES, pixels.red, p);
                FloatVector byGreen = FloatVector.fromArray(SPECIES, pixels.green, p);
                FloatVector byBlue = FloatVector.fromArray(SPECIES, pixels.blue, p);
                FloatVector byDepth = FloatVector.fromArray(SPECIES, pixels.depthGradient, p);
                FloatVector value = byRed.mul(s[at + Splat.RED])
                        .add(byGreen.mul(s[at + Splat.GREEN]))
                        .add(byBlue.mul(s[at + Splat.BLUE]))
                        .add(byDepth.mul(s[at + Splat.BLENDED_DEPTH]))
                        .add(FloatVector.fromArray(SPECIES, byAlpha, p));
                FloatVector gain = weight.mul(value);
                FloatVector behind =
                        FloatVector.fromArray(SPECIES, pixels.behind, p).sub(gain);
                behind.intoArray(pixels.behind, p);
                FloatVector v = none.blend(
                        gain.sub(behind.mul(a)
                                .div(FloatVector.broadcast(SPECIES, 1).sub(a))),
                        raw.compare(VectorOperators.LE, BlendMath.MAX_ALPHA));
                FloatVector vx = v.mul(dx);
                FloatVector vy = v.mul(dy);
                FloatVector.fromArray(SPECIES, lanes, 0).add(v).intoArray(lanes, 0);
                FloatVector.fromArray(SPECIES, lanes, LANES).add(vx).intoArray(lanes, LANES);
                FloatVector.fromArray(SPECIES, lanes, 2 * LANES).add(vy).intoArray(lanes, 2 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 3 * LANES).add(vx.mul(dx)).intoArray(lanes, 3 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 4 * LANES).add(vx.mul(dy)).intoArray(lanes, 4 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 5 * LANES).add(vy.mul(dy)).intoArray(lanes, 5 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 6 * LANES)
                        .add(weight.mul(byRed))
                        .intoArray(lanes, 6 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 7 * LANES)
                        .add(weight.mul(byGreen))
                        .intoArray(lanes, 7 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 8 * LANES)
                        .add(weight.mul(byBlue))
                        .intoArray(lanes, 8 * LANES);
                FloatVector.fromArray(SPECIES, lanes, 9 * LANES)
                        .add(weight.mul(byDepth))
                        .intoArray(lanes, 9 * LANES);
            }
        }
    }

    private static FloatVector exponent(float[] s, int at, FloatVector dx, FloatVector dy) {
        FloatVector xx = FloatVector.broadcast(SPECIES, s[at + Splat.XX]);
        FloatVector yy = FloatVector.broadcast(SPECIES, s[at + Splat.YY]);
        FloatVector log = FloatVector.broadcast(SPECIES, s[at + Splat.LOG]);
        return dx.fma(dx.fma(xx, dy.mul(s[at + Splat.XY])), dy.mul(yy).fma(dy, log));
    }

    /** Adds each value over its lanes, four chains a value. */
    private static void sumLanes(float[] lanes, int values, float[] out, int to) {
        for (int k = 0; k < values; k++) {
            int from = k * LANES;
            float a = lanes[from];
            float b = lanes[from + 1];
            float c = lanes[from + 2];
            float d = lanes[from + 3];
            for (int lane = 4; lane < LANES; lane += 4) {
                a += lanes[from + lane];
                b += lanes[from + lane + 1];
                c += lanes[from + lane + 2];
                d += lanes[from + lane + 3];
            }
            out[to + k] = (a + b) + (c + d);
        }
    }
}
