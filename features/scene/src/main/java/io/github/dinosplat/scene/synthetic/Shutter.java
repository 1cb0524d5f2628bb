package io.github.dinosplat.scene.synthetic;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import org.joml.Vector3d;

/** One photo being taken: the rays of its pixels and their means. Belongs to one thread. */
final class Shutter {

    /** Linear light that is white in the photo. */
    private static final double WHITE = 1.25;

    /** Difference between the square roots of the first rays' light from which on a pixel gets more rays. */
    private static final double EDGE = 0.1;

    private static final int ENCODING_STEPS = 4096;
    private static final double[] ENCODING = encoding();

    private final SyntheticWorld world;
    private final Camera camera;
    private final double[] camFromWorld;
    private final Vector3d centre;
    private final double footprint;
    private final RayTree.Ray ray = new RayTree.Ray();
    private final double[] direction = new double[2];
    private final double[] linear = new double[3];
    private final double[] low = new double[3];
    private final double[] high = new double[3];

    Shutter(SyntheticWorld world, Camera camera, Rigid3 camFromWorld) {
        this.world = world;
        this.camera = camera;
        this.camFromWorld = camFromWorld.rotationRowMajor();
        this.centre = camFromWorld.targetOriginInSource();
        this.footprint = 1 / Math.sqrt(camera.fx() * camera.fy());
    }

    Image photo() {
        byte[] rgb = new byte[3 * camera.width() * camera.height()];
        double[] sum = new double[3];
        for (int y = 0; y < camera.height(); y++) {
            for (int x = 0; x < camera.width(); x++) {
                int rays = 4;
                sample(x, y, 2, sum);
                boolean edge = false;
                for (int c = 0; c < 3; c++) {
                    edge |= Math.sqrt(high[c]) - Math.sqrt(low[c]) > EDGE;
                }
                if (edge) {
                    rays = 16;
                    sample(x, y, 4, sum);
                }
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * camera.width() + x) + c] = encode(sum[c] / rays);
                }
            }
        }
        return new Image(camera.width(), camera.height(), rgb);
    }

    /** Sums the light of n times n rays spread evenly over a pixel. */
    private void sample(int x, int y, int n, double[] sum) {
        for (int c = 0; c < 3; c++) {
            sum[c] = 0;
            low[c] = Double.MAX_VALUE;
            high[c] = 0;
        }
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                aim(x + (i + 0.5) / n, y + (j + 0.5) / n);
                world.trace(ray, footprint, linear);
                for (int c = 0; c < 3; c++) {
                    double value = linear[c] / WHITE;
                    sum[c] += value;
                    low[c] = Math.min(low[c], value);
                    high[c] = Math.max(high[c], value);
                }
            }
        }
    }

    /** Writes the colour of a point as seen from here to three bytes. */
    void colour(Vector3d pointInWorld, byte[] rgb, int offset) {
        Vector3d d = pointInWorld.sub(centre, new Vector3d()).normalize();
        ray.set(centre.x, centre.y, centre.z, d.x, d.y, d.z, Double.MAX_VALUE);
        world.trace(ray, footprint, linear);
        for (int c = 0; c < 3; c++) {
            rgb[offset + c] = encode(linear[c] / WHITE);
        }
    }

    private void aim(double px, double py) {
        double vx;
        double vy;
        double vz = 1;
        if (camera.unproject(px, py, direction)) {
            vx = direction[0];
            vy = direction[1];
        } else {
            Vector3d d = camera.direction(px, py);
            vx = d.x;
            vy = d.y;
            vz = d.z;
        }
        double[] r = camFromWorld;
        double length = Math.sqrt(vx * vx + vy * vy + vz * vz);
        ray.set(
                centre.x,
                centre.y,
                centre.z,
                (r[0] * vx + r[3] * vy + r[6] * vz) / length,
                (r[1] * vx + r[4] * vy + r[7] * vz) / length,
                (r[2] * vx + r[5] * vy + r[8] * vz) / length,
                Double.MAX_VALUE);
    }

    /** Linear light from 0 to 1 and more as an 8-bit sRGB value, from the table. */
    private static byte encode(double linear) {
        double position = Math.min(1, linear) * ENCODING_STEPS;
        int i = Math.min((int) position, ENCODING_STEPS - 1);
        return (byte) (int) (255 * (ENCODING[i] + (position - i) * (ENCODING[i + 1] - ENCODING[i])) + 0.5);
    }

    /** The sRGB transfer function (IEC 61966-2-1) at even steps. */
    private static double[] encoding() {
        double[] table = new double[ENCODING_STEPS + 1];
        for (int i = 0; i <= ENCODING_STEPS; i++) {
            double x = (double) i / ENCODING_STEPS;
            table[i] = x <= 0.0031308 ? 12.92 * x : 1.055 * StrictMath.pow(x, 1 / 2.4) - 0.055;
        }
        return table;
    }
}
