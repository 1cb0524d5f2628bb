package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Colour;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blending with a vector of pixels at a time: a whole 4x4 block with 16 lanes, rows of it with fewer.
 *
 * <p>Only lane-wise operations whose result is exactly defined are used; {@link LaneSums} says in what order lanes are
 * added. So interpreted and compiled code agree to the bit, and a run does not depend on when the compiler stepped in.
 *
 * <p>The loops over blocks have no branch inside: a mispredicted one costs as much as a block. What does not change from
 * block to block, and the sums of the backward pass, stay in registers.
 */
final class VectorTileBlender extends TileBlender {

    /** The only species in the process: a second one would blur the compiler's type profiles, and vectors would be boxed. */
    static final VectorSpecies<Float> SPECIES = species();

    private static final int LANES = SPECIES.length();

    private static VectorSpecies<Float> species() {
        int preferred = FloatVector.SPECIES_PREFERRED.length();
        return preferred > 16
                ? FloatVector.SPECIES_512
                : preferred < 4 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_PREFERRED;
    }

    /** How many pixels are handled at once. */
    static int laneCount() {
        return LANES;
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at);
    }

    /** See {@link BlendMath#alpha}. */
    private static FloatVector alpha(FloatVector exponent) {
        FloatVector root = all(BlendMath.P5)
                .fma(exponent, all(BlendMath.P4))
                .fma(exponent, all(BlendMath.P3))
                .fma(exponent, all(BlendMath.P2))
                .fma(exponent, all(BlendMath.P1))
                .fma(exponent, all(BlendMath.P0));
        FloatVector square = root.mul(root);
        FloatVector fourth = square.mul(square);
        return fourth.mul(fourth);
    }

    /** At most {@link BlendMath#MAX_ALPHA}; {@code min} takes five instructions, for the sake of NaN and signed zeros. */
    private static FloatVector clamp(FloatVector alpha) {
        return alpha.blend(BlendMath.MAX_ALPHA, alpha.compare(VectorOperators.GT, BlendMath.MAX_ALPHA));
    }

    @Override
    int blendHit(float[] s, int at, float x, float y, int blocks, float[] p) {
        FloatVector centreX = all(x);
        FloatVector centreY = all(y);
        FloatVector xx = all(s[at + Splat.XX]);
        FloatVector xy = all(s[at + Splat.XY]);
        FloatVector yy = all(s[at + Splat.YY]);
        FloatVector log = all(s[at + Splat.LOG]);
        FloatVector red = all(s[at + Splat.RED]);
        FloatVector green = all(s[at + Splat.GREEN]);
        FloatVector blue = all(s[at + Splat.BLUE]);
        FloatVector depth = all(s[at + Splat.DEPTH]);
        FloatVector none = FloatVector.zero(SPECIES);
        int changed = 0;
        int open = 0;
        int row = 0;
        for (int left = blocks; left != 0; left = row == 0 ? left & left - 1 : left) {
            int block = Integer.numberOfTrailingZeros(left);
            int b = TileScratch.at(block) + row;
            row = row + LANES & TileScratch.BLOCK_PIXELS - 1;
            FloatVector dx = load(p, b + TileScratch.X).sub(centreX);
            FloatVector dy = load(p, b + TileScratch.Y).sub(centreY);
            FloatVector exponent = dx.fma(dx.fma(xx, dy.mul(xy)), dy.mul(yy).fma(dy, log));
            VectorMask<Float> counts = exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT);
            FloatVector a = none.blend(clamp(alpha(exponent)), counts);
            FloatVector before = load(p, b + TileScratch.TRANSMITTANCE);
            FloatVector wanted = before.mul(a);
            FloatVector after = before.sub(wanted);
            VectorMask<Float> passes = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
            FloatVector weight = none.blend(wanted, passes);
            before.abs().neg().blend(after, passes).intoArray(p, b + TileScratch.TRANSMITTANCE);
            weight.intoArray(p, b + TileScratch.WEIGHT);
            weight.fma(red, load(p, b + TileScratch.RED)).intoArray(p, b + TileScratch.RED);
            weight.fma(green, load(p, b + TileScratch.GREEN)).intoArray(p, b + TileScratch.GREEN);
            weight.fma(blue, load(p, b + TileScratch.BLUE)).intoArray(p, b + TileScratch.BLUE);
            weight.fma(depth, load(p, b + TileScratch.DEPTH)).intoArray(p, b + TileScratch.DEPTH);
            // Of anyTrue() the compiler makes a branch.
            changed |= (-counts.trueCount() >>> 31) << block;
            open |= (-passes.trueCount() >>> 31) << block;
        }
        return changed | (blocks & ~open) << 16;
    }

    @Override
    void gradientHit(float[] s, int at, float x, float y, int blocks, TileScratch pixels, int hit) {
        alphaGradients(s, at, x, y, blocks, pixels.planes);
        sumBlocks(x, y, blocks, pixels.planes, pixels.lanes, hit * Frame.HIT_VALUES * LANES);
    }

    @Override
    void sumHits(int hits, TileScratch pixels) {
        LaneSums.sum(pixels.lanes, hits * Frame.HIT_VALUES, pixels.sums);
    }

    /**
     * Leaves the weights and the gradients by the logarithm of alpha in the planes. Apart from {@link #sumBlocks}, since
     * in a loop that carries vectors around the Java 17 compiler boxes them once the body is this large.
     */
    private static void alphaGradients(float[] s, int at, float x, float y, int blocks, float[] p) {
        FloatVector centreX = all(x);
        FloatVector centreY = all(y);
        FloatVector xx = all(s[at + Splat.XX]);
        FloatVector xy = all(s[at + Splat.XY]);
        FloatVector yy = all(s[at + Splat.YY]);
        FloatVector log = all(s[at + Splat.LOG]);
        FloatVector red = all(s[at + Splat.RED]);
        FloatVector green = all(s[at + Splat.GREEN]);
        FloatVector blue = all(s[at + Splat.BLUE]);
        FloatVector depth = all(s[at + Splat.DEPTH]);
        FloatVector none = FloatVector.zero(SPECIES);
        FloatVector one = all(1);
        FloatVector most = all(BlendMath.MAX_ALPHA);
        int row = 0;
        for (int left = blocks; left != 0; left = row == 0 ? left & left - 1 : left) {
            int b = TileScratch.at(Integer.numberOfTrailingZeros(left)) + row;
            row = row + LANES & TileScratch.BLOCK_PIXELS - 1;
            FloatVector dx = load(p, b + TileScratch.X).sub(centreX);
            FloatVector dy = load(p, b + TileScratch.Y).sub(centreY);
            FloatVector exponent = dx.fma(dx.fma(xx, dy.mul(xy)), dy.mul(yy).fma(dy, log));
            VectorMask<Float> counts = exponent.compare(VectorOperators.GE, BlendMath.MIN_EXPONENT);
            FloatVector raw = alpha(exponent);
            VectorMask<Float> free = raw.compare(VectorOperators.LE, BlendMath.MAX_ALPHA);
            FloatVector clamped = none.blend(most.blend(raw, free), counts);
            FloatVector before = load(p, b + TileScratch.TRANSMITTANCE);
            FloatVector wanted = before.mul(clamped);
            FloatVector after = before.sub(wanted);
            VectorMask<Float> passes = after.compare(VectorOperators.GT, BlendMath.MIN_TRANSMITTANCE);
            none.blend(after, passes).intoArray(p, b + TileScratch.TRANSMITTANCE);
            FloatVector weight = none.blend(wanted, passes);
            weight.intoArray(p, b + TileScratch.WEIGHT);
            FloatVector gain = load(p, b + TileScratch.RED)
                    .fma(
                            red,
                            load(p, b + TileScratch.GREEN)
                                    .fma(
                                            green,
                                            load(p, b + TileScratch.BLUE)
                                                    .fma(
                                                            blue,
                                                            load(p, b + TileScratch.DEPTH)
                                                                    .fma(depth, load(p, b + TileScratch.VALUE)))))
                    .mul(weight);
            FloatVector behind = load(p, b + TileScratch.BEHIND).sub(gain);
            behind.intoArray(p, b + TileScratch.BEHIND);
            none.blend(gain.sub(behind.mul(clamped.div(one.sub(clamped)))), free.and(passes))
                    .intoArray(p, b + TileScratch.SLOPE);
        }
    }

    private static void sumBlocks(float x, float y, int blocks, float[] p, float[] lanes, int to) {
        FloatVector centreX = all(x);
        FloatVector centreY = all(y);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector sumX = FloatVector.zero(SPECIES);
        FloatVector sumY = FloatVector.zero(SPECIES);
        FloatVector sumXx = FloatVector.zero(SPECIES);
        FloatVector sumXy = FloatVector.zero(SPECIES);
        FloatVector sumYy = FloatVector.zero(SPECIES);
        FloatVector sumRed = FloatVector.zero(SPECIES);
        FloatVector sumGreen = FloatVector.zero(SPECIES);
        FloatVector sumBlue = FloatVector.zero(SPECIES);
        FloatVector sumDepth = FloatVector.zero(SPECIES);
        int row = 0;
        for (int left = blocks; left != 0; left = row == 0 ? left & left - 1 : left) {
            int b = TileScratch.at(Integer.numberOfTrailingZeros(left)) + row;
            row = row + LANES & TileScratch.BLOCK_PIXELS - 1;
            FloatVector v = load(p, b + TileScratch.SLOPE);
            FloatVector weight = load(p, b + TileScratch.WEIGHT);
            FloatVector dx = load(p, b + TileScratch.X).sub(centreX);
            FloatVector dy = load(p, b + TileScratch.Y).sub(centreY);
            FloatVector vx = v.mul(dx);
            FloatVector vy = v.mul(dy);
            sum = sum.add(v);
            sumX = sumX.add(vx);
            sumY = sumY.add(vy);
            sumXx = vx.fma(dx, sumXx);
            sumXy = vx.fma(dy, sumXy);
            sumYy = vy.fma(dy, sumYy);
            sumRed = weight.fma(load(p, b + TileScratch.RED), sumRed);
            sumGreen = weight.fma(load(p, b + TileScratch.GREEN), sumGreen);
            sumBlue = weight.fma(load(p, b + TileScratch.BLUE), sumBlue);
            sumDepth = weight.fma(load(p, b + TileScratch.DEPTH), sumDepth);
        }
        sum.intoArray(lanes, to);
        sumX.intoArray(lanes, to + LANES);
        sumY.intoArray(lanes, to + 2 * LANES);
        sumXx.intoArray(lanes, to + 3 * LANES);
        sumXy.intoArray(lanes, to + 4 * LANES);
        sumYy.intoArray(lanes, to + 5 * LANES);
        sumRed.intoArray(lanes, to + 6 * LANES);
        sumGreen.intoArray(lanes, to + 7 * LANES);
        sumBlue.intoArray(lanes, to + 8 * LANES);
        sumDepth.intoArray(lanes, to + 9 * LANES);
    }

    @Override
    void writePicture(Frame frame, int first, int pixelsX, int pixelsY, Colour background, float[] p) {
        if (pixelsX < TileCover.TILE || pixelsY < TileCover.TILE) {
            super.writePicture(frame, first, pixelsX, pixelsY, background, p);
            return;
        }
        // A vector is a row of pixels from some blocks.
        int nextBlock = TileScratch.at(1);
        for (int y = 0; y < TileCover.TILE; y++) {
            for (int x = 0; x < TileCover.TILE; x += LANES) {
                int from = TileScratch.index(x, y);
                int to = first + y * frame.width + x;
                FloatVector through = LaneSums.fours(p, from + TileScratch.TRANSMITTANCE, nextBlock)
                        .abs();
                LaneSums.fours(p, from + TileScratch.RED, nextBlock)
                        .add(through.mul(background.red()))
                        .intoArray(frame.red, to);
                LaneSums.fours(p, from + TileScratch.GREEN, nextBlock)
                        .add(through.mul(background.green()))
                        .intoArray(frame.green, to);
                LaneSums.fours(p, from + TileScratch.BLUE, nextBlock)
                        .add(through.mul(background.blue()))
                        .intoArray(frame.blue, to);
                LaneSums.fours(p, from + TileScratch.DEPTH, nextBlock).intoArray(frame.depth, to);
                all(1).sub(through).intoArray(frame.alpha, to);
            }
        }
    }

    @Override
    void readGradients(Frame frame, int first, int pixelsX, int pixelsY, float[] p) {
        if (pixelsX < TileCover.TILE || pixelsY < TileCover.TILE) {
            super.readGradients(frame, first, pixelsX, pixelsY, p);
            return;
        }
        // A vector is some rows of a block.
        int width = frame.width;
        for (int i = 0; i < TileScratch.PIXELS; i += LANES) {
            int block = i / TileScratch.BLOCK_PIXELS;
            int row = i % TileScratch.BLOCK_PIXELS;
            int from = first
                    + (block / 4 * TileScratch.BLOCK + row / TileScratch.BLOCK) * width
                    + block % 4 * TileScratch.BLOCK;
            int to = TileScratch.at(block) + row;
            FloatVector red = LaneSums.fours(frame.redGradient, from, width);
            FloatVector green = LaneSums.fours(frame.greenGradient, from, width);
            FloatVector blue = LaneSums.fours(frame.blueGradient, from, width);
            red.intoArray(p, to + TileScratch.RED);
            green.intoArray(p, to + TileScratch.GREEN);
            blue.intoArray(p, to + TileScratch.BLUE);
            red.mul(LaneSums.fours(frame.red, from, width))
                    .add(green.mul(LaneSums.fours(frame.green, from, width)))
                    .add(blue.mul(LaneSums.fours(frame.blue, from, width)))
                    .intoArray(p, to + TileScratch.BEHIND);
        }
    }

    @Override
    void blendFeatures(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                for (int c = 0; c < channels; c++) {
                    int f = TileScratch.feature(c, block) + row;
                    load(pixels.planes, TileScratch.at(block) + row + TileScratch.WEIGHT)
                            .fma(all(features[from + c]), load(pixels.features, f))
                            .intoArray(pixels.features, f);
                }
            }
        }
    }

    @Override
    void featureValues(float[] features, int from, int channels, int blocks, TileScratch pixels) {
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                int b = TileScratch.at(block) + row;
                load(pixels.planes, b + TileScratch.ALPHA).intoArray(pixels.planes, b + TileScratch.VALUE);
                for (int c = 0; c < channels; c++) {
                    load(pixels.features, TileScratch.feature(c, block) + row)
                            .fma(all(features[from + c]), load(pixels.planes, b + TileScratch.VALUE))
                            .intoArray(pixels.planes, b + TileScratch.VALUE);
                }
            }
        }
    }

    @Override
    void featureGradients(int channels, int blocks, TileScratch pixels, float[] out, int to) {
        float[] lanes = pixels.featureLanes;
        Arrays.fill(lanes, 0, channels * LANES, 0);
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = Integer.numberOfTrailingZeros(left);
            for (int row = 0; row < TileScratch.BLOCK_PIXELS; row += LANES) {
                for (int c = 0; c < channels; c++) {
                    load(pixels.planes, TileScratch.at(block) + row + TileScratch.WEIGHT)
                            .fma(load(pixels.features, TileScratch.feature(c, block) + row), load(lanes, c * LANES))
                            .intoArray(lanes, c * LANES);
                }
            }
        }
        LaneSums.sum(lanes, channels, pixels.featureSums);
        System.arraycopy(pixels.featureSums, 0, out, to, channels);
    }
}
