package io.github.dinosplat.scene.synthetic;

import java.util.List;

/** The world of the demo: three walls, a floor, crates and balls. */
final class Courtyard {

    private static final int BRICKS = 0;
    private static final int COBBLES = 1;
    private static final int PLANKS = 2;
    private static final int RED_STONE = 3;
    private static final int GREEN_STONE = 4;
    private static final int PLASTER = 5;

    private Courtyard() {}

    static SyntheticWorld build(long seed) {
        int s = (int) (seed ^ seed >>> 32) * 1000;
        Mesh mesh = new Mesh();
        // Each front faces the yard. Walls reach behind their corners and below the floor, so that there are no gaps.
        mesh.addPatch(140, 90, BRICKS, (a, b, out) -> {
            double u = -5.2 + 10.4 * a;
            double v = -0.2 + 7.2 * b;
            wall(out, u, 4 + relief(u, v, s), v, u, v);
        });
        mesh.addPatch(130, 90, PLASTER, (a, b, out) -> {
            double u = 4.6 - 10.2 * a;
            double v = -0.2 + 7.2 * b;
            wall(out, 4.5 + relief(u + 40, v, s), u, v, u + 40, v);
        });
        mesh.addPatch(130, 90, BRICKS, (a, b, out) -> {
            double u = -5.6 + 10.2 * a;
            double v = -0.2 + 7.2 * b;
            wall(out, -4.5 - relief(u + 80, v, s), u, v, u + 80, v);
        });
        mesh.addPatch(130, 130, COBBLES, (a, b, out) -> {
            double x = -5.2 + 10.4 * a;
            double y = -6.2 + 10.6 * b;
            double z = 0.06 * Noise.octaves(x, y, 0, 1.6, 3, 0.5, 0.05, s + 5);
            out[0] = x;
            out[1] = y;
            out[2] = z;
            out[3] = x;
            out[4] = y;
            out[5] = 0;
        });
        mesh.addBox(new double[] {-1.5, 1.6, 0.65}, new double[] {1.4, 1.3, 1.4}, 0.4, 14, PLANKS);
        mesh.addBox(new double[] {-1.35, 1.7, 1.72}, new double[] {0.8, 0.7, 0.75}, -0.3, 10, PLANKS);
        mesh.addBox(new double[] {1.9, 2.2, 0.85}, new double[] {1.0, 1.0, 1.8}, 0.9, 14, GREEN_STONE);
        mesh.addBox(new double[] {0.4, 0.1, 0.25}, new double[] {1.5, 0.7, 0.6}, -0.25, 12, RED_STONE);
        mesh.addBall(new double[] {0.35, 0.1, 0.98}, 0.45, 0.12, s + 7, 64, PLASTER);
        mesh.addBall(new double[] {2.3, 0.4, 0.5}, 0.55, 0.2, s + 8, 64, RED_STONE);
        mesh.addBall(new double[] {-2.9, 0.0, 0.42}, 0.48, 0.1, s + 9, 64, GREEN_STONE);
        mesh.addBall(new double[] {1.9, 2.2, 2.05}, 0.42, 0.15, s + 10, 56, PLANKS);
        List<Texture> textures = List.of(
                Texture.bricks(s + 100),
                Texture.cobbles(s + 200),
                Texture.planks(s + 300),
                Texture.stone(s + 400, 0.62, 0.42, 0.36),
                Texture.stone(s + 500, 0.45, 0.56, 0.48),
                Texture.stone(s + 600, 0.68, 0.64, 0.56));
        return new SyntheticWorld(mesh, textures, new double[] {0.25, -0.5, 1.0}, 6);
    }

    private static void wall(double[] out, double x, double y, double z, double u, double v) {
        out[0] = x;
        out[1] = y;
        out[2] = z;
        out[3] = u;
        out[4] = v;
        out[5] = 0;
    }

    /** Depth behind the wall's plane: bulges and niches with slanting sides. */
    private static double relief(double u, double v, int seed) {
        double bulge = 0.22 * Noise.octaves(u, v, 3, 2.4, 3, 0.45, 0.05, seed + 1);
        double column = u / 2.1;
        int i = (int) Math.floor(column);
        double across = Math.abs(column - i - 0.5) * 2.1;
        double up = Math.abs(v - 2.1 - 0.5 * Noise.uniform(i, 0, 0, seed + 2));
        double niche = Math.min(1, Math.max(0, Math.min((0.55 - across) / 0.12, (0.85 - up) / 0.12)));
        return bulge + 0.3 * niche;
    }
}
