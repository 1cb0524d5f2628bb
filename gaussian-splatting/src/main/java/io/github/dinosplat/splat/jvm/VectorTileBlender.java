package io.github.dinosplat.splat.jvm;

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

    private static final VectorSpecies<Float> SPECIES = species();
    private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;
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
    void blend(Frame frame, int tile, float tileX, float tileY, TileScratch pixels) {
        float[] s = frame.splats;
        float[] transmittance = pixels.transmittance;
        int live = pixels.live;
        int end = frame.tileStart[tile + 1];
        FloatVector none = FloatVector.zero(SPECIES);
        for (int hit = frame.tileStart[tile]; hit < end; hit++) {
            int at = frame.listGaussian[hit] * Splat.STRIDE;
            float x = s[at + Splat.X] - tileX;
            float y = s[at + Splat.Y] - tileY;
            int blocks = live & TileScratch.blocks(x, y, s[at + Splat.EX], s[at + Splat.EY]);
            int touched = 0;
            if (blocks != 0) {
                FloatVector xx = FloatVector.broadcast(SPECIES, s[at + Splat.XX]);
                FloatVector xy = FloatVector.broadcast(SPECIES, s[at + Splat.XY]);
                FloatVector yy = FloatVector.broadcast(SPECIES, s[at + Splat.YY]);
                FloatVector log = FloatVector.broadcast(SPECIES, s[at + Splat.LOG]);
                FloatVector red = FloatVector.broadcast(SPECIES, s[at + Splat.RED]);
                FloatVector green = FloatVector.broadcast(SPECIES, s[at + Splat.GREEN]);
                FloatVector blue = FloatVector.broadcast(SPECIES, s[at + Splat.BLUE]);
                FloatVector depth = FloatVector.broadcast(SPECIES, s[at + Splat.DEPTH]);
                for (; blocks != 0; blocks &= blocks - 1) {
                    int block = Integer.numberOfTrailingZeros(blocks);
                    float blockX = x - blockX(block);
                    float blockY = y - blockY(block);
                    boolean unfinished = false;
                    for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                        FloatVector dx = LANE_X.sub(blockX);
                        FloatVector dy = LANE_Y.sub(blockY - row / TileScratch.BLOCK);
                        FloatVector exponent =
                                dx.fma(dx.fma(xx, dy.mul(xy)), dy.mul(yy).fma(dy, log));
                        VectorMask<Float> counts = exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT);
                        if (!counts.anyTrue()) {
                            unfinished = true;
                            continue;
                        }
                        touched |= 1 << block;
                        int p = block * TileScratch.BLOCK_PIXELS + row;
                        FloatVector a = none.blend(alpha(exponent).min(BlendMath.MAX_ALPHA), counts);
                        FloatVector before = FloatVector.fromArray(SPECIES, transmittance, p);
                        FloatVector weight = before.mul(a);
                        FloatVector after = before.sub(weight);
                        VectorMask<Float> open = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
                        if (open.allTrue()) {
                            unfinished = true;
                        } else {
                            weight = none.blend(weight, open);
                            after = before.abs().neg().blend(after, open);
                            unfinished |= open.anyTrue();
                        }
                        after.intoArray(transmittance, p);
                        weight.fma(red, FloatVector.fromArray(SPECIES, pixels.red, p))
                                .intoArray(pixels.red, p);
                        weight.fma(green, FloatVector.fromArray(SPECIES, pixels.green, p))
                                .intoArray(pixels.green, p);
                        weight.fma(blue, FloatVector.fromArray(SPECIES, pixels.blue, p))
                                .intoArray(pixels.blue, p);
                        weight.fma(depth, FloatVector.fromArray(SPECIES, pixels.depth, p))
                                .intoArray(pixels.depth, p);
                    }
                    if (!unfinished) {
                        live &= ~(1 << block);
                    }
                }
            }
            frame.touched[frame.listSlot[hit]] = (short) touched;
        }
    }

    @Override
    void gradients(Frame frame, int tile, float tileX, float tileY, TileScratch pixels, boolean geometryGradients) {
        int end = frame.tileStart[tile + 1];
        for (int hit = frame.tileStart[tile]; hit < end; hit++) {
            int slot = frame.listSlot[hit];
            int blocks = frame.touched[slot] & 0xffff;
            if (blocks != 0) {
                int at = frame.listGaussian[hit] * Splat.STRIDE;
                gradientLanes(frame.splats, at, tileX, tileY, blocks, pixels, geometryGradients);
                sumLanes(pixels.lanes, frame.hitGradients, slot * Frame.HIT_VALUES);
            }
        }
    }

    /** Takes one hit's gradients from its blocks, still separate by lane. */
    private static void gradientLanes(
            float[] s, int at, float tileX, float tileY, int blocks, TileScratch pixels, boolean geometryGradients) {
        float[] transmittance = pixels.transmittance;
        float x = s[at + Splat.X] - tileX;
        float y = s[at + Splat.Y] - tileY;
        FloatVector none = FloatVector.zero(SPECIES);
        FloatVector xx = FloatVector.broadcast(SPECIES, s[at + Splat.XX]);
        FloatVector xy = FloatVector.broadcast(SPECIES, s[at + Splat.XY]);
        FloatVector yy = FloatVector.broadcast(SPECIES, s[at + Splat.YY]);
        FloatVector log = FloatVector.broadcast(SPECIES, s[at + Splat.LOG]);
        boolean mayClamp = s[at + Splat.OPACITY] > BlendMath.MAX_ALPHA;
        FloatVector sum0 = none;
        FloatVector sumX = none;
        FloatVector sumY = none;
        FloatVector sumXX = none;
        FloatVector sumXY = none;
        FloatVector sumYY = none;
        FloatVector sumRed = none;
        FloatVector sumGreen = none;
        FloatVector sumBlue = none;
        FloatVector sumDepth = none;
        for (; blocks != 0; blocks &= blocks - 1) {
            int block = Integer.numberOfTrailingZeros(blocks);
            float blockX = x - blockX(block);
            float blockY = y - blockY(block);
            for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                FloatVector dx = LANE_X.sub(blockX);
                FloatVector dy = LANE_Y.sub(blockY - row / TileScratch.BLOCK);
                FloatVector exponent = dx.fma(dx.fma(xx, dy.mul(xy)), dy.mul(yy).fma(dy, log));
                VectorMask<Float> counts = exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT);
                if (LANES < TileScratch.BLOCK_PIXELS && !counts.anyTrue()) {
                    continue;
                }
                int p = block * TileScratch.BLOCK_PIXELS + row;
                FloatVector raw = alpha(exponent);
                FloatVector a = none.blend(raw.min(BlendMath.MAX_ALPHA), counts);
                FloatVector before = FloatVector.fromArray(SPECIES, transmittance, p);
                FloatVector weight = before.mul(a);
                FloatVector after = before.sub(weight);
                VectorMask<Float> open = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
                if (!open.allTrue()) {
                    a = none.blend(a, open);
                    weight = none.blend(weight, open);
                    after = before.abs().neg().blend(after, open);
                }
                after.intoArray(transmittance, p);
                FloatVector byRed = FloatVector.fromArray(SPECIES, pixels.red, p);
                FloatVector byGreen = FloatVector.fromArray(SPECIES, pixels.green, p);
                FloatVector byBlue = FloatVector.fromArray(SPECIES, pixels.blue, p);
                sumRed = weight.fma(byRed, sumRed);
                sumGreen = weight.fma(byGreen, sumGreen);
                sumBlue = weight.fma(byBlue, sumBlue);
                FloatVector value = byRed.mul(s[at + Splat.RED])
                        .add(byGreen.mul(s[at + Splat.GREEN]))
                        .add(byBlue.mul(s[at + Splat.BLUE]));
                if (geometryGradients) {
                    FloatVector byDepth = FloatVector.fromArray(SPECIES, pixels.depthGradient, p);
                    sumDepth = weight.fma(byDepth, sumDepth);
                    value = byDepth.mul(s[at + Splat.DEPTH])
                            .add(value)
                            .add(FloatVector.fromArray(SPECIES, pixels.alphaGradient, p));
                }
                FloatVector gain = weight.mul(value);
                FloatVector behind =
                        FloatVector.fromArray(SPECIES, pixels.behind, p).sub(gain);
                behind.intoArray(pixels.behind, p);
                FloatVector one = FloatVector.broadcast(SPECIES, 1);
                FloatVector v = gain.sub(behind.mul(a).div(one.sub(a)));
                if (mayClamp) {
                    v = none.blend(v, raw.compare(VectorOperators.LE, BlendMath.MAX_ALPHA));
                }
                FloatVector vx = v.mul(dx);
                FloatVector vy = v.mul(dy);
                sum0 = sum0.add(v);
                sumX = sumX.add(vx);
                sumY = sumY.add(vy);
                sumXX = vx.fma(dx, sumXX);
                sumXY = vx.fma(dy, sumXY);
                sumYY = vy.fma(dy, sumYY);
            }
        }
        float[] lanes = pixels.lanes;
        sum0.intoArray(lanes, 0);
        sumX.intoArray(lanes, LANES);
        sumY.intoArray(lanes, 2 * LANES);
        sumXX.intoArray(lanes, 3 * LANES);
        sumXY.intoArray(lanes, 4 * LANES);
        sumYY.intoArray(lanes, 5 * LANES);
        sumRed.intoArray(lanes, 6 * LANES);
        sumGreen.intoArray(lanes, 7 * LANES);
        sumBlue.intoArray(lanes, 8 * LANES);
        sumDepth.intoArray(lanes, 9 * LANES);
    }

    /** Adds each value over its lanes: quarters first, then the four that remain. */
    private static void sumLanes(float[] lanes, float[] out, int to) {
        for (int k = 0; k < Frame.HIT_VALUES; k++) {
            FloatVector sum = FloatVector.fromArray(QUARTER, lanes, k * LANES);
            for (int part = 4; part < LANES; part += 4) {
                sum = sum.add(FloatVector.fromArray(QUARTER, lanes, k * LANES + part));
            }
            sum.intoArray(lanes, k * LANES);
        }
        for (int k = 0; k < Frame.HIT_VALUES; k++) {
            int from = k * LANES;
            out[to + k] = (lanes[from] + lanes[from + 1]) + (lanes[from + 2] + lanes[from + 3]);
        }
    }
}
