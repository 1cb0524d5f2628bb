package io.github.dinosplat.depth;

/** Which points are held out. */
final class HeldOutPoints {

    /** One track in so many. */
    private static final int FRACTION = 5;

    private HeldOutPoints() {}

    /** The random choice over the scene's points. */
    static boolean random(long seed, int point) {
        return Math.floorMod(mix(seed * 0x9e3779b97f4a7c15L + point), FRACTION) == 0;
    }

    /**
     * Whether a place is in one of the photo's held-out blocks: four of sixteen, one in each row and column, another
     * pattern for each photo.
     */
    static boolean inBlock(long seed, int viewIndex, double x, double y, double width, double height) {
        int column = Math.min(3, (int) (4 * x / width));
        int row = Math.min(3, (int) (4 * y / height));
        int[] permutation = {0, 1, 2, 3};
        long state = mix(seed + 0x51ed270b * (viewIndex + 1L));
        for (int i = 3; i > 0; i--) {
            state = mix(state);
            int j = (int) Math.floorMod(state, i + 1L);
            int swap = permutation[i];
            permutation[i] = permutation[j];
            permutation[j] = swap;
        }
        return permutation[row] == column;
    }

    /** SplitMix64's finaliser (Steele et al. 2014). */
    private static long mix(long v) {
        long z = v + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
