package io.github.dinosplat.scene.synthetic;

/** The colour of a surface as a function of its own coordinates in metres. */
interface Texture {

    /**
     * The colour at a place.
     *
     * @param u first texture coordinate in metres
     * @param v second texture coordinate in metres
     * @param w third texture coordinate in metres: 0 on flat patches
     * @param footprint size of a pixel on the surface in metres; finer detail is left out
     * @param colour receives red, green and blue albedo from 0 to 1, perceptually spaced (square root of the linear one)
     */
    void colour(double u, double v, double w, double footprint, double[] colour);

    /** Courses of bricks with weathering. */
    static Texture bricks(int seed) {
        return (u, v, w, footprint, colour) -> {
            double bend = 0.02 * Noise.gradient(u * 2, v * 2, w * 2, seed + 90);
            double row = (v + bend) / 0.24;
            int j = (int) Math.floor(row);
            double column = (u + bend) / 0.52 + ((j & 1) == 0 ? 0 : 0.5) + 0.15 * Noise.uniform(j, 1, 0, seed);
            int i = (int) Math.floor(column);
            double toEdge =
                    Math.min(0.24 * Math.min(row - j, j + 1 - row), 0.52 * Math.min(column - i, i + 1 - column));
            double soft = Math.max(footprint, 0.008);
            double brick = Math.min(1, Math.max(0, (toEdge - 0.012) / soft + 0.5));
            double tone = Noise.uniform(i, j, 2, seed) - 0.5;
            double hue = Noise.uniform(i, j, 3, seed) - 0.5;
            double rough = Noise.octaves(u, v, w, 0.3, 4, 0.7, footprint, seed + 10);
            double stains = Noise.octaves(u, v, w, 1.7, 3, 0.6, footprint, seed + 20);
            double base = 0.22 * tone + 0.22 * rough + 0.2 * stains;
            mix(
                    colour,
                    brick,
                    0.66 + 0.1 * rough,
                    0.63 + 0.1 * rough,
                    0.57 + 0.1 * rough,
                    0.62 + base + 0.1 * hue,
                    0.44 + base * 0.9,
                    0.36 + base * 0.8 - 0.1 * hue);
        };
    }

    /** Rounded paving stones of many greys with darker joints. */
    static Texture cobbles(int seed) {
        return (u, v, w, footprint, colour) -> {
            double[] cell = new double[3];
            double bend = 0.03 * Noise.gradient(u * 3, v * 3, 0, seed + 90);
            Noise.cells((u + bend) / 0.3, (v - bend) / 0.3, seed, cell);
            int h = (int) cell[2];
            double tone = (h & 0xff) / 255.0 - 0.5;
            double warm = (h >>> 8 & 0xff) / 255.0 - 0.5;
            double stone = Math.min(1, Math.max(0, (cell[1] * 0.3 - 0.008) / Math.max(footprint, 0.012) + 0.5));
            double dome = 0.12 * (0.4 - cell[0]);
            double rough = Noise.octaves(u, v, w, 0.25, 4, 0.7, footprint, seed + 10);
            double moss = Noise.octaves(u, v, w, 2.3, 4, 0.6, footprint, seed + 20);
            double base = 0.26 * tone + dome + 0.2 * rough + 0.1 * moss;
            mix(
                    colour,
                    stone,
                    0.36 + 0.2 * rough,
                    0.37 + 0.2 * rough + 0.15 * moss,
                    0.31 + 0.2 * rough,
                    0.56 + base + 0.1 * warm,
                    0.54 + base + 0.05 * moss,
                    0.5 + base - 0.12 * warm);
        };
    }

    /** Planks with grain and knots. */
    static Texture planks(int seed) {
        return (u, v, w, footprint, colour) -> {
            int board = (int) Math.floor(v / 0.22);
            double across = v / 0.22 - board;
            double tone = Noise.uniform(board, (int) Math.floor(w), 1, seed) - 0.5;
            double shift = 7 * Noise.uniform(board, (int) Math.floor(w), 2, seed);
            double grain = Noise.octaves(u * 0.25 + shift, v, w, 0.09, 3, 0.7, footprint, seed + 10);
            double knots = Noise.octaves(u + shift, v, w, 0.35, 4, 0.65, footprint, seed + 20);
            double edge = Math.min(across, 1 - across) * 0.22;
            double wood = Math.min(1, Math.max(0, (edge - 0.006) / Math.max(footprint, 0.008) + 0.5));
            double base = 0.2 * tone + 0.16 * grain + 0.34 * knots;
            mix(colour, wood, 0.25, 0.19, 0.14, 0.66 + base, 0.52 + base, 0.36 + 0.8 * base);
        };
    }

    /** Veined and spotted stone of a colour. */
    static Texture stone(int seed, double red, double green, double blue) {
        return (u, v, w, footprint, colour) -> {
            double clouds = Noise.octaves(u, v, w, 0.8, 6, 0.68, footprint, seed);
            double veins = 1 - Math.min(1, Math.abs(Noise.octaves(u, v, w, 0.6, 4, 0.6, footprint, seed + 30)) * 6);
            double spots = Noise.gradient(u / 0.11, v / 0.11, w / 0.11, seed + 40) * Noise.visibility(0.11, footprint);
            double spot = Math.min(1, Math.max(0, (spots - 0.28) * 6));
            double base = 0.4 * clouds - 0.16 * spot;
            colour[0] = clamp(red + base + 0.1 * veins);
            colour[1] = clamp(green + base + 0.08 * veins);
            colour[2] = clamp(blue + base + 0.05 * veins);
        };
    }

    /** Grass, earth and gravel in patches, for terrain seen from above; features of decimetres to metres. */
    static Texture meadow(int seed) {
        return (u, v, w, footprint, colour) -> {
            double patches = Noise.octaves(u, v, 0, 9, 6, 0.6, footprint, seed);
            double earth = Math.min(1, Math.max(0, patches * 4 + 0.3));
            double tufts = Noise.octaves(u, v, 0, 1.2, 4, 0.75, footprint, seed + 20);
            double stones = Noise.gradient(u / 0.5, v / 0.5, 0, seed + 40) * Noise.visibility(0.5, footprint);
            double stone = earth * Math.min(1, Math.max(0, (stones - 0.3) * 6));
            double base = 0.3 * tufts;
            mix(
                    colour,
                    earth,
                    0.36 + base,
                    0.46 + base,
                    0.27 + 0.7 * base,
                    0.58 + base + 0.2 * stone,
                    0.51 + base + 0.2 * stone,
                    0.41 + base + 0.22 * stone);
        };
    }

    private static void mix(
            double[] colour, double share, double r0, double g0, double b0, double r1, double g1, double b1) {
        colour[0] = clamp(r0 + share * (r1 - r0));
        colour[1] = clamp(g0 + share * (g1 - g0));
        colour[2] = clamp(b0 + share * (b1 - b0));
    }

    private static double clamp(double value) {
        return Math.min(0.97, Math.max(0.04, value));
    }
}
