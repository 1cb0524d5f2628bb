package io.github.dinosplat.scene.synthetic;

/**
 * Lattice noise: smooth pseudo-random functions of space that are the same everywhere for the same seed.
 *
 * <p>Source: Perlin 2002, "Improving Noise"; Worley 1996, "A Cellular Texture Basis Function".
 */
final class Noise {

    private Noise() {}

    /** A well mixed 32-bit hash of a lattice point. */
    static int hash(int x, int y, int z, int seed) {
        int h = seed * 0x9e3779b9 + x * 0x85ebca6b;
        h = (h ^ h >>> 15) * 0x2c1b3c6d + y * 0xc2b2ae35;
        h = (h ^ h >>> 13) * 0x297a2d39 + z * 0x27d4eb2f;
        h = (h ^ h >>> 16) * 0x7feb352d;
        h = (h ^ h >>> 15) * 0x846ca68b;
        return h ^ h >>> 16;
    }

    /** A uniform number from 0 to 1 of a lattice point. */
    static double uniform(int x, int y, int z, int seed) {
        return (hash(x, y, z, seed) >>> 8) * 0x1p-24;
    }

    /** Gradient noise with lattice spacing 1, roughly from -1 to 1, mean 0, standard deviation about 0.27. */
    static double gradient(double x, double y, double z, int seed) {
        int xi = (int) Math.floor(x);
        int yi = (int) Math.floor(y);
        int zi = (int) Math.floor(z);
        double fx = x - xi;
        double fy = y - yi;
        double fz = z - zi;
        double u = fade(fx);
        double v = fade(fy);
        double w = fade(fz);
        double near = lerp(
                v,
                lerp(u, corner(xi, yi, zi, seed, fx, fy, fz), corner(xi + 1, yi, zi, seed, fx - 1, fy, fz)),
                lerp(
                        u,
                        corner(xi, yi + 1, zi, seed, fx, fy - 1, fz),
                        corner(xi + 1, yi + 1, zi, seed, fx - 1, fy - 1, fz)));
        double far = lerp(
                v,
                lerp(
                        u,
                        corner(xi, yi, zi + 1, seed, fx, fy, fz - 1),
                        corner(xi + 1, yi, zi + 1, seed, fx - 1, fy, fz - 1)),
                lerp(
                        u,
                        corner(xi, yi + 1, zi + 1, seed, fx, fy - 1, fz - 1),
                        corner(xi + 1, yi + 1, zi + 1, seed, fx - 1, fy - 1, fz - 1)));
        return lerp(w, near, far);
    }

    /**
     * Octaves of gradient noise, each of half the wavelength and {@code gain} times the height of the one before. Octaves
     * finer than what a pixel of the given footprint can show are faded out, which is what keeps pictures free of moire.
     */
    static double octaves(
            double x, double y, double z, double wavelength, int count, double gain, double footprint, int seed) {
        double sum = 0;
        double height = 1;
        double length = wavelength;
        for (int i = 0; i < count; i++) {
            double visible = visibility(length, footprint);
            if (visible <= 0) {
                break;
            }
            double s = 1 / length;
            sum += visible * height * gradient(x * s, y * s, z * s, seed + i);
            length /= 2;
            height *= gain;
        }
        return sum;
    }

    /** How much of a pattern of a wavelength a pixel of a footprint shows: 1 from three pixels on, 0 up to 1.5. */
    static double visibility(double wavelength, double footprint) {
        return Math.min(1, Math.max(0, (wavelength / footprint - 1.5) / 1.5));
    }

    /**
     * Cells around scattered points in the plane, one for each unit square.
     *
     * @param out receives the distance to the nearest point, the distance to the border with the second nearest, and the
     *     hash of the cell as an integer
     */
    static void cells(double x, double y, int seed, double[] out) {
        int xi = (int) Math.floor(x);
        int yi = (int) Math.floor(y);
        double first = Double.MAX_VALUE;
        double second = Double.MAX_VALUE;
        int cell = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                int h = hash(xi + dx, yi + dy, 0, seed);
                double px = xi + dx + 0.15 + 0.7 * (h & 0xffff) / 65536.0 - x;
                double py = yi + dy + 0.15 + 0.7 * (h >>> 16) / 65536.0 - y;
                double d = px * px + py * py;
                if (d < first) {
                    second = first;
                    first = d;
                    cell = h;
                } else if (d < second) {
                    second = d;
                }
            }
        }
        out[0] = Math.sqrt(first);
        out[1] = (Math.sqrt(second) - out[0]) / 2;
        out[2] = cell;
    }

    private static double corner(int x, int y, int z, int seed, double fx, double fy, double fz) {
        int h = hash(x, y, z, seed) & 15;
        double u = h < 8 ? fx : fy;
        double v = h < 4 ? fy : h == 12 || h == 14 ? fx : fz;
        return ((h & 1) == 0 ? u : -u) + ((h & 2) == 0 ? v : -v);
    }

    private static double fade(double t) {
        return t * t * t * (t * (t * 6 - 15) + 10);
    }

    private static double lerp(double t, double a, double b) {
        return a + t * (b - a);
    }
}
