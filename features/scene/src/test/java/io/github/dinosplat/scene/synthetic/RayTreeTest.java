package io.github.dinosplat.scene.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.joml.Intersectiond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class RayTreeTest {

    @Test
    void findsTheSameTriangleAsTryingAll() {
        SplittableRandom random = new SplittableRandom(4);
        Mesh mesh = new Mesh();
        for (int t = 0; t < 500; t++) {
            double x = random.nextDouble(-5, 5);
            double y = random.nextDouble(-5, 5);
            double z = random.nextDouble(-5, 5);
            int first = mesh.vertexCount;
            for (int k = 0; k < 3; k++) {
                // A third of the triangles lies in planes of constant z, whose boxes have no thickness.
                mesh.addVertex(
                        x + random.nextDouble(),
                        y + random.nextDouble(),
                        t % 3 == 0 ? z : z + random.nextDouble(),
                        0,
                        0,
                        0);
            }
            mesh.addTriangle(first, first + 1, first + 2, 0);
        }
        RayTree tree = new RayTree(mesh);
        RayTree.Ray ray = new RayTree.Ray();
        int hits = 0;
        for (int i = 0; i < 3000; i++) {
            Vector3d o = new Vector3d(random.nextDouble(-8, 8), random.nextDouble(-8, 8), random.nextDouble(-8, 8));
            Vector3d d = i % 10 == 0
                    ? new Vector3d(0, 0, o.z > 0 ? -1 : 1)
                    : new Vector3d(-o.x + random.nextDouble(-4, 4), -o.y, -o.z + random.nextDouble(-4, 4));
            double best = Double.POSITIVE_INFINITY;
            for (int t = 0; t < mesh.triangleCount; t++) {
                double hit = Intersectiond.intersectRayTriangle(
                        o, d, corner(mesh, t, 0), corner(mesh, t, 1), corner(mesh, t, 2), 1e-14);
                best = hit > 1e-9 ? Math.min(best, hit) : best;
            }
            ray.set(o.x, o.y, o.z, d.x, d.y, d.z, Double.MAX_VALUE);
            boolean found = tree.hit(ray);
            assertThat(found).as("ray " + i).isEqualTo(best < Double.POSITIVE_INFINITY);
            if (found) {
                hits++;
                assertThat(ray.distance).isCloseTo(best, within(1e-9 * (1 + best)));
                ray.set(o.x, o.y, o.z, d.x, d.y, d.z, best * 0.999);
                assertThat(tree.hit(ray)).isFalse();
            }
        }
        assertThat(hits).isBetween(300, 2900);
    }

    private static Vector3d corner(Mesh mesh, int triangle, int k) {
        int i = 3 * mesh.corners[3 * triangle + k];
        return new Vector3d(mesh.positions[i], mesh.positions[i + 1], mesh.positions[i + 2]);
    }

    @Test
    void noiseIsSmoothCentredAndOfTheStatedHeight() {
        double sum = 0;
        double squares = 0;
        int n = 20000;
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < n; i++) {
            double x = random.nextDouble(-50, 50);
            double y = random.nextDouble(-50, 50);
            double z = random.nextDouble(-50, 50);
            double v = Noise.gradient(x, y, z, 3);
            assertThat(v).isBetween(-1.1, 1.1);
            assertThat(Noise.gradient(x + 1e-6, y, z, 3)).isCloseTo(v, within(1e-5));
            sum += v;
            squares += v * v;
        }
        assertThat(sum / n).isCloseTo(0, within(0.01));
        assertThat(Math.sqrt(squares / n)).isCloseTo(0.27, within(0.03));
        assertThat(Noise.octaves(1.3, 2.4, 3.5, 0.1, 3, 0.5, 1, 0)).isZero();
    }
}
