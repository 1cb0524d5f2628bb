package io.github.dinosplat.scene.synthetic;

import java.util.stream.IntStream;

/**
 * The light that each vertex of a mesh receives from a sun with soft shadows and from an even sky, computed once: the same
 * from every camera, as for matt surfaces outdoors.
 */
final class Daylight {

    private static final int SKY_RAYS = 18;
    private static final int SUN_RAYS = 6;
    private static final double[] SUN_COLOUR = {1.0, 0.95, 0.86};
    private static final double[] SKY_COLOUR = {0.52, 0.56, 0.62};
    /** Light from surfaces around, so that corners are not black. */
    private static final double BOUNCE = 0.2;
    /** Half the width of the sun; wider than the real one, so that shadows have no knife edges. */
    private static final double SUN_RADIUS = 0.05;

    /** The same directions at every vertex: light then varies smoothly from one to the next. */
    private static final double[][] SKY = directions(SKY_RAYS);

    private static final double[][] SUN = directions(SUN_RAYS);

    private Daylight() {}

    static void shine(Mesh mesh, RayTree tree, double[] towardsSun, double reach) {
        double length = Math.sqrt(dot(towardsSun, towardsSun));
        double[] sun = {towardsSun[0] / length, towardsSun[1] / length, towardsSun[2] / length};
        IntStream.range(0, mesh.vertexCount).parallel().forEach(vertex -> light(mesh, tree, sun, reach, vertex));
    }

    private static void light(Mesh mesh, RayTree tree, double[] sun, double reach, int vertex) {
        RayTree.Ray ray = new RayTree.Ray();
        int i = 3 * vertex;
        double[] n = {mesh.normals[i], mesh.normals[i + 1], mesh.normals[i + 2]};
        // Off the surface by a millimetre, or every ray would hit what it starts from.
        double[] p = {
            mesh.positions[i] + 1e-3 * n[0], mesh.positions[i + 1] + 1e-3 * n[1], mesh.positions[i + 2] + 1e-3 * n[2]
        };
        double open = 0;
        double[] d = new double[3];
        for (int k = 0; k < SKY_RAYS; k++) {
            // Evenly on the sphere around the tip of the normal: cosine-weighted about it.
            for (int axis = 0; axis < 3; axis++) {
                d[axis] = n[axis] + 0.999 * SKY[k][axis];
            }
            ray.set(p[0], p[1], p[2], d[0], d[1], d[2], reach);
            double up = d[2] / Math.sqrt(dot(d, d));
            if (!tree.hit(ray)) {
                // The sky is above the horizon; below it lies ground that is lit, too.
                open += up > 0 ? 1 : 0.4;
            }
        }
        double sunny = 0;
        double facing = dot(n, sun);
        for (int k = 0; k < SUN_RAYS && facing > 0; k++) {
            ray.set(
                    p[0],
                    p[1],
                    p[2],
                    sun[0] + SUN_RADIUS * SUN[k][0],
                    sun[1] + SUN_RADIUS * SUN[k][1],
                    sun[2] + SUN_RADIUS * SUN[k][2],
                    100 * reach);
            sunny += tree.hit(ray) ? 0 : 1;
        }
        for (int c = 0; c < 3; c++) {
            mesh.light[i + c] = SKY_COLOUR[c] * (open / SKY_RAYS)
                    + BOUNCE
                    + SUN_COLOUR[c] * Math.max(0, facing) * (sunny / SUN_RAYS);
        }
    }

    /** Directions spread evenly over the sphere along a spiral of golden angles. */
    private static double[][] directions(int count) {
        double[][] directions = new double[count][];
        for (int k = 0; k < count; k++) {
            double z = 1 - (2 * k + 1.0) / count;
            double r = Math.sqrt(1 - z * z);
            double angle = k * Math.PI * (3 - Math.sqrt(5));
            directions[k] = new double[] {r * StrictMath.cos(angle), r * StrictMath.sin(angle), z};
        }
        return directions;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
