package io.github.dinosplat.matching.robust;

import boofcv.alg.geo.pose.P3PGrunert;
import boofcv.alg.geo.pose.PointDistance3;
import georegression.struct.point.Point2D_F64;
import io.github.dinosplat.scene.Camera;
import org.ddogleg.solver.PolynomialOps;
import org.ddogleg.solver.RootFinderType;

/** Camera poses from points in the world, by Grunert's three-point algorithm, judged by the reprojection error. */
final class AbsolutePoseProblem implements Problem {

    private final Camera camera;
    private final double[] points;
    private final double[] pixels;
    private final double[] rays;
    private final P3PGrunert p3p = new P3PGrunert(PolynomialOps.createRootFinder(5, RootFinderType.EVD));
    private final Point2D_F64[] sampled = {new Point2D_F64(), new Point2D_F64(), new Point2D_F64()};
    private final double[] pixel = new double[2];

    /** Points [n, 3] in the world and where they are seen [n, 2]. A model is a rotation row by row and a translation. */
    AbsolutePoseProblem(Camera camera, double[] points, double[] pixels) {
        this.camera = camera;
        this.points = points;
        this.pixels = pixels;
        rays = Correspondences.rays(camera, pixels);
    }

    @Override
    public int size() {
        return pixels.length / 2;
    }

    @Override
    public int sampleSize() {
        return 3;
    }

    @Override
    public int modelLength() {
        return 12;
    }

    @Override
    public int maxModels() {
        return 4;
    }

    @Override
    public int solve(int[] sample, double[] models) {
        for (int k = 0; k < 3; k++) {
            sampled[k].setTo(rays[2 * sample[k]], rays[2 * sample[k] + 1]);
        }
        double d12 = distance(sample[0], sample[1]);
        double d13 = distance(sample[0], sample[2]);
        double d23 = distance(sample[1], sample[2]);
        if (!(Math.min(d12, Math.min(d13, d23)) > 0)
                || !p3p.process(sampled[0], sampled[1], sampled[2], d23, d13, d12)) {
            return 0;
        }
        double[] world = frame(
                points, 3 * sample[0],
                points, 3 * sample[1],
                points, 3 * sample[2]);
        int count = 0;
        double[] cam = new double[9];
        for (int s = 0; s < Math.min(p3p.getSolutions().size, 4); s++) {
            PointDistance3 d = p3p.getSolutions().get(s);
            along(cam, 0, sampled[0], d.dist1);
            along(cam, 3, sampled[1], d.dist2);
            along(cam, 6, sampled[2], d.dist3);
            double[] rotation = Matrix3.multiply(frame(cam, 0, cam, 3, cam, 6), Matrix3.transpose(world));
            int o = 12 * count;
            boolean finite = true;
            for (int k = 0; k < 9; k++) {
                models[o + k] = rotation[k];
                finite &= Double.isFinite(rotation[k]);
            }
            for (int r = 0; r < 3; r++) {
                int p = 3 * sample[0];
                models[o + 9 + r] = cam[r]
                        - rotation[3 * r] * points[p]
                        - rotation[3 * r + 1] * points[p + 1]
                        - rotation[3 * r + 2] * points[p + 2];
                finite &= Double.isFinite(models[o + 9 + r]);
            }
            count += finite ? 1 : 0;
        }
        return count;
    }

    private double distance(int i, int j) {
        double x = points[3 * i] - points[3 * j];
        double y = points[3 * i + 1] - points[3 * j + 1];
        double z = points[3 * i + 2] - points[3 * j + 2];
        return Math.sqrt(x * x + y * y + z * z);
    }

    private static void along(double[] out, int o, Point2D_F64 ray, double distance) {
        double f = distance / Math.sqrt(ray.x * ray.x + ray.y * ray.y + 1);
        out[o] = f * ray.x;
        out[o + 1] = f * ray.y;
        out[o + 2] = f;
    }

    /** Orthonormal axes of a triangle, in columns; not finite when its corners lie on a line. */
    private static double[] frame(double[] p, int i, double[] q, int j, double[] r, int k) {
        double ax = q[j] - p[i];
        double ay = q[j + 1] - p[i + 1];
        double az = q[j + 2] - p[i + 2];
        double bx = r[k] - p[i];
        double by = r[k + 1] - p[i + 1];
        double bz = r[k + 2] - p[i + 2];
        double cx = ay * bz - az * by;
        double cy = az * bx - ax * bz;
        double cz = ax * by - ay * bx;
        double na = 1 / Math.sqrt(ax * ax + ay * ay + az * az);
        double nc = 1 / Math.sqrt(cx * cx + cy * cy + cz * cz);
        ax *= na;
        ay *= na;
        az *= na;
        cx *= nc;
        cy *= nc;
        cz *= nc;
        return new double[] {
            ax, cy * az - cz * ay, cx,
            ay, cz * ax - cx * az, cy,
            az, cx * ay - cy * ax, cz
        };
    }

    @Override
    public void squaredResiduals(double[] m, int o, int from, int to, double[] out) {
        for (int i = from; i < to; i++) {
            double px = points[3 * i];
            double py = points[3 * i + 1];
            double pz = points[3 * i + 2];
            double z = m[o + 6] * px + m[o + 7] * py + m[o + 8] * pz + m[o + 11];
            if (!(z > 0)) {
                out[i] = Double.POSITIVE_INFINITY;
                continue;
            }
            double x = m[o] * px + m[o + 1] * py + m[o + 2] * pz + m[o + 9];
            double y = m[o + 3] * px + m[o + 4] * py + m[o + 5] * pz + m[o + 10];
            camera.project(x, y, z, pixel, null, null);
            double ex = pixel[0] - pixels[2 * i];
            double ey = pixel[1] - pixels[2 * i + 1];
            out[i] = ex * ex + ey * ey;
        }
    }

    @Override
    public boolean step(double[] m, double[] weights) {
        double[] normal = new double[36];
        double[] delta = new double[6];
        double[] d = new double[6];
        double[] g = new double[6];
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] > 0)) {
                continue;
            }
            double px = points[3 * i];
            double py = points[3 * i + 1];
            double pz = points[3 * i + 2];
            double rx = m[0] * px + m[1] * py + m[2] * pz;
            double ry = m[3] * px + m[4] * py + m[5] * pz;
            double rz = m[6] * px + m[7] * py + m[8] * pz;
            camera.project(rx + m[9], ry + m[10], rz + m[11], pixel, d, null);
            for (int axis = 0; axis < 2; axis++) {
                double dx = d[3 * axis];
                double dy = d[3 * axis + 1];
                double dz = d[3 * axis + 2];
                // A turn by w on the left moves the rotated point r by w x r.
                g[0] = dz * ry - dy * rz;
                g[1] = dx * rz - dz * rx;
                g[2] = dy * rx - dx * ry;
                g[3] = dx;
                g[4] = dy;
                g[5] = dz;
                double residual = pixel[axis] - pixels[2 * i + axis];
                for (int j = 0; j < 6; j++) {
                    double wg = weights[i] * g[j];
                    delta[j] -= wg * residual;
                    for (int k = 0; k <= j; k++) {
                        normal[6 * j + k] += wg * g[k];
                    }
                }
            }
        }
        for (int j = 0; j < 6; j++) {
            normal[7 * j] *= 1 + 1e-9;
        }
        if (!Cholesky.solve(normal, delta, 6)) {
            return false;
        }
        double[] rotation = Matrix3.multiply(Matrix3.rotation(delta[0], delta[1], delta[2]), m);
        System.arraycopy(rotation, 0, m, 0, 9);
        m[9] += delta[3];
        m[10] += delta[4];
        m[11] += delta[5];
        return true;
    }
}
