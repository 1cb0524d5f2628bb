package io.github.dinosplat.scene.synthetic;

import java.util.ArrayList;
import java.util.List;

/** Hills with houses, for photos from the air. */
final class Terrain {

    private static final double HALF = 100;
    private static final int HOUSES = 26;

    private Terrain() {}

    static SyntheticWorld build(long seed) {
        int s = (int) (seed ^ seed >>> 32) * 1000 + 17;
        Mesh mesh = new Mesh();
        mesh.addPatch(260, 260, 0, (a, b, out) -> {
            out[0] = HALF * (2 * a - 1);
            out[1] = HALF * (2 * b - 1);
            out[2] = height(out[0], out[1], s);
            out[3] = out[0];
            out[4] = out[1];
            out[5] = 0;
        });
        for (int i = 0; i < HOUSES; i++) {
            double x = 0.85 * HALF * (2 * Noise.uniform(i, 0, 1, s) - 1);
            double y = 0.85 * HALF * (2 * Noise.uniform(i, 0, 2, s) - 1);
            double w = 5 + 6 * Noise.uniform(i, 0, 3, s);
            double d = 5 + 5 * Noise.uniform(i, 0, 4, s);
            double h = 3 + 5 * Noise.uniform(i, 0, 5, s);
            double base = height(x, y, s);
            mesh.addBox(
                    new double[] {x, y, base + h / 2 - 1},
                    new double[] {w, d, h + 2},
                    Math.PI * Noise.uniform(i, 0, 6, s),
                    8,
                    1 + i % 3);
        }
        List<Texture> textures = new ArrayList<>();
        textures.add(Texture.meadow(s + 100));
        textures.add(scaled(Texture.stone(s + 400, 0.6, 0.42, 0.37), 0.12));
        textures.add(scaled(Texture.bricks(s + 200), 0.25));
        textures.add(scaled(Texture.planks(s + 300), 0.25));
        return new SyntheticWorld(mesh, textures, new double[] {-0.5, -0.4, 0.8}, 20);
    }

    /** Materials of a courtyard enlarged, to show something at decimetres a pixel. */
    private static Texture scaled(Texture texture, double scale) {
        return (u, v, w, footprint, colour) ->
                texture.colour(scale * u, scale * v, scale * w, scale * footprint, colour);
    }

    private static double height(double x, double y, int seed) {
        return 10 * Noise.octaves(x, y, 0, 70, 5, 0.42, 0.5, seed);
    }
}
