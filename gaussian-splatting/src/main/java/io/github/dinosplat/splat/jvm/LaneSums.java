package io.github.dinosplat.splat.jvm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of vectors over their lanes, as many vectors at a time as there are lanes, so that the sums come out as one vector:
 * one by one they cost more than a tenth of the backward pass.
 *
 * <p>With {@code v} of 16 lanes the sum is {@code (a + b) + (c + d)}, where {@code a = ((v[0] + v[4]) + v[8]) + v[12]} and
 * b, c, d begin a lane later each. Lanes are moved by loading them from memory at another place, which takes as long as
 * any load; the lanes to the left and right of those that are wanted belong to other vectors and are left out by masks.
 */
final class LaneSums {

    private static final VectorSpecies<Float> SPECIES = VectorTileBlender.SPECIES;
    private static final int LANES = SPECIES.length();

    /** The second four lanes, the third, the fourth; every second lane; every second pair. */
    private static final VectorMask<Float> SECOND = VectorMask.fromLong(SPECIES, 0x00f0);

    private static final VectorMask<Float> THIRD = VectorMask.fromLong(SPECIES, 0x0f00);
    private static final VectorMask<Float> FOURTH = VectorMask.fromLong(SPECIES, 0xf000);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(SPECIES, 0xaaaa);
    private static final VectorMask<Float> ODD_PAIRS = VectorMask.fromLong(SPECIES, 0xcccc);

    private LaneSums() {}

    /**
     * Sums each vector over its lanes. Each step goes over all vectors before the next begins: loads that straddle what was
     * just stored have to wait.
     *
     * @param lanes [count, lanes], with room for a count that is a multiple of 16; overwritten
     * @param count how many vectors
     * @param sums receives the sums, with room for as many
     */
    static void sum(float[] lanes, int count, float[] sums) {
        int group = LANES * LANES;
        int end = (count + LANES - 1) / LANES * group;
        for (int from = 0; from < end; from += group) {
            for (int at = from; at < from + 4 * LANES; at += LANES) {
                chains(lanes, at).intoArray(lanes, at);
            }
        }
        for (int from = 0; from < end; from += group) {
            neighbours(lanes, from, from + LANES, 1, ODD).intoArray(lanes, from);
            neighbours(lanes, from + 2 * LANES, from + 3 * LANES, 1, ODD).intoArray(lanes, from + 2 * LANES);
        }
        for (int from = 0; from < end; from += group) {
            neighbours(lanes, from, from + 2 * LANES, 2, ODD_PAIRS).intoArray(sums, from / LANES);
        }
    }

    /** The a, b, c, d of the vector at a place, of the fourth after it, the eighth and the twelfth. */
    private static FloatVector chains(float[] lanes, int at) {
        FloatVector sum = fours(lanes, at, 4 * LANES);
        for (int lane = 4; lane < LANES; lane += 4) {
            sum = sum.add(fours(lanes, at + lane, 4 * LANES));
        }
        return sum;
    }

    /** The four values from a place on, the four from {@code apart} values later on, and so on as far as lanes go. */
    static FloatVector fours(float[] values, int at, int apart) {
        FloatVector v = FloatVector.fromArray(SPECIES, values, at);
        if (LANES > 4) {
            v = v.blend(FloatVector.fromArray(SPECIES, values, at + apart - 4), SECOND);
        }
        if (LANES > 8) {
            v = v.blend(FloatVector.fromArray(SPECIES, values, at + 2 * apart - 8), THIRD)
                    .blend(FloatVector.fromArray(SPECIES, values, at + 3 * apart - 12), FOURTH);
        }
        return v;
    }

    /** Sums of two lanes each: in the lanes of the mask those of the second vector, in the others those of the first. */
    private static FloatVector neighbours(float[] lanes, int first, int second, int apart, VectorMask<Float> mask) {
        FloatVector left = FloatVector.fromArray(SPECIES, lanes, first)
                .blend(FloatVector.fromArray(SPECIES, lanes, second - apart), mask);
        FloatVector right = FloatVector.fromArray(SPECIES, lanes, first + apart)
                .blend(FloatVector.fromArray(SPECIES, lanes, second), mask);
        return left.add(right);
    }
}
