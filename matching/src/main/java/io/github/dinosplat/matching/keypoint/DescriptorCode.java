package io.github.dinosplat.matching.keypoint;

/**
 * Entries of RootSIFT descriptors, which lie in [0, 1], as 16-bit codes. The detector rounds its descriptors to values that have
 * a code, so that they are the same bits when they come back from a file.
 */
public final class DescriptorCode {

    private static final int MOST = 65535;

    private DescriptorCode() {}

    /**
     * The code of an entry.
     *
     * @param entry entry of a descriptor; what lies outside of [0, 1] has the code of the nearer end
     * @return code from 0 to 65535
     */
    public static int encode(float entry) {
        return Math.round(Math.min(1, Math.max(0, entry)) * MOST);
    }

    /**
     * The entry that a code stands for.
     *
     * @param code code from 0 to 65535
     * @return entry in [0, 1]
     */
    public static float decode(int code) {
        return code * (1f / MOST);
    }
}
