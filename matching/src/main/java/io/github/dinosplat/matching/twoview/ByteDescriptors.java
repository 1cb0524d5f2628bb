package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.matching.keypoint.Keypoints;

/**
 * Descriptors as unsigned bytes, which are compared faster than floats. Entries of unit vectors from -0.25 to 0.25 become 0 to
 * 255; greater ones, which are rare in RootSIFT and in networks' descriptors, are cut off. Distances, in which the offset
 * cancels, are off by 0.006 or so. Immutable; arrays are shared.
 *
 * @param bytes [n, 128] entries
 * @param squaredLengths [n] sums of the squared entries
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ByteDescriptors(byte[] bytes, int[] squaredLengths) {

    private static final int SCALE = 512;
    private static final int OFFSET = 128;

    /** Squared distance of descriptors that are 1 apart. */
    static final int UNIT = SCALE * SCALE;

    /** Those of floats [n, 128]. */
    static ByteDescriptors of(float[] descriptors) {
        byte[] bytes = new byte[descriptors.length];
        int[] squaredLengths = new int[descriptors.length / Keypoints.DESCRIPTOR_SIZE];
        for (int i = 0; i < descriptors.length; i++) {
            int value = Math.max(0, Math.min(255, Math.round(SCALE * descriptors[i]) + OFFSET));
            bytes[i] = (byte) value;
            squaredLengths[i / Keypoints.DESCRIPTOR_SIZE] += value * value;
        }
        return new ByteDescriptors(bytes, squaredLengths);
    }

    int count() {
        return squaredLengths.length;
    }
}
