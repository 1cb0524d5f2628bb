package io.github.dinosplat.scene.synthetic;

import java.util.List;

/** A front whose bays are the same to the last brick: photos that are a bay apart show the same wall, on other ground. */
final class RepeatedFacade {

    /** Width of a bay in metres. */
    static final double BAY = 2.4;

    private static final int WALL = 0;
    private static final int GROUND = 1;

    private RepeatedFacade() {}

    static SyntheticWorld build(long seed) {
        int s = (int) (seed ^ seed >>> 32) * 1000;
        Mesh mesh = new Mesh();
        mesh.addPatch(192, 60, WALL, (a, b, out) -> {
            double u = -7.2 + 14.4 * a;
            double v = -0.2 + 5.2 * b;
            out[0] = u;
            out[1] = 4 + relief(withinBay(u), v, s);
            out[2] = v;
            out[3] = u;
            out[4] = v;
            out[5] = 0;
        });
        mesh.addPatch(150, 70, GROUND, (a, b, out) -> {
            double x = -7.2 + 14.4 * a;
            double y = -2 + 6.6 * b;
            out[0] = x;
            out[1] = y;
            out[2] = 0.06 * Noise.octaves(x, y, 0, 1.6, 3, 0.5, 0.05, s + 5);
            out[3] = x;
            out[4] = y;
            out[5] = 0;
        });
        Texture bricks = Texture.bricks(s + 100);
        List<Texture> textures = List.of(
                (u, v, w, footprint, colour) -> bricks.colour(withinBay(u), v, w, footprint, colour),
                Texture.cobbles(s + 200));
        return new SyntheticWorld(mesh, textures, new double[] {0.25, -0.5, 1.0}, 6);
    }

    private static double withinBay(double u) {
        return u - BAY * Math.floor(u / BAY);
    }

    /** Depth behind the wall's plane: a window in the middle of each bay and bulges that end where the bay does. */
    private static double relief(double u, double v, int seed) {
        double toEdge = Math.min(u, BAY - u);
        double bulge = 0.2 * Math.min(1, toEdge / 0.3) * Noise.octaves(u, v, 3, 1.2, 3, 0.45, 0.05, seed + 1);
        double across = Math.abs(u - BAY / 2);
        double up = Math.abs(v - 2.1);
        return bulge + 0.3 * Math.min(1, Math.max(0, Math.min((0.55 - across) / 0.12, (0.85 - up) / 0.12)));
    }
}
