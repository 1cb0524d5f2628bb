package io.github.dinosplat.splat.train;

/** Random numbers as a hash of what they are for: the same on every run, whatever was drawn before. */
final class Hash {

    private Hash() {}

    /** Mixes three numbers into 64 random bits (the finaliser of SplitMix64, Steele et al. 2014, applied in turn). */
    static long bits(long seed, long stream, long index) {
        return mix(mix(mix(seed) + stream) + index);
    }

    /** A number from 0 inclusive to 1 exclusive. */
    static double uniform(long seed, long stream, long index) {
        return (bits(seed, stream, index) >>> 11) * 0x1p-53;
    }

    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
