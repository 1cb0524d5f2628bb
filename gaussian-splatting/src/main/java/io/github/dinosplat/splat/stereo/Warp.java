package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import org.joml.Vector3d;

/** Where the pixels of one view lie in another: with p = (x, y, 1), {@code q = M p + m / depth} and the pixel is q / q_z. */
final class Warp {

    /** Row-major 3x3 and vector. */
    final float[] m = new float[12];

    private final Vector3d centre;
    private final Vector3d otherCentre;

    Warp(StereoView from, StereoView to) {
        Rigid3 toFromFrom = to.camFromWorld().compose(from.camFromWorld().inverse());
        double[] r = toFromFrom.rotationRowMajor();
        Camera a = from.camera();
        Camera b = to.camera();
        double[] t = {
            toFromFrom.translation().x(),
            toFromFrom.translation().y(),
            toFromFrom.translation().z()
        };
        double[][] rows = new double[3][4];
        for (int i = 0; i < 3; i++) {
            double x = r[3 * i] / a.fx();
            double y = r[3 * i + 1] / a.fy();
            rows[i] = new double[] {x, y, r[3 * i + 2] - x * a.cx() - y * a.cy(), t[i]};
        }
        for (int k = 0; k < 4; k++) {
            double z = rows[2][k];
            int at = k < 3 ? k : 9;
            int step = k < 3 ? 3 : 1;
            m[at] = (float) (b.fx() * rows[0][k] + b.cx() * z);
            m[at + step] = (float) (b.fy() * rows[1][k] + b.cy() * z);
            m[at + 2 * step] = (float) z;
        }
        centre = from.camFromWorld().targetOriginInSource();
        otherCentre = to.camFromWorld().targetOriginInSource();
    }

    /** Fills in x, y and inverse depth in the other view; false where the place lies behind it. */
    boolean map(double x, double y, double inverse, double[] out) {
        double qx = m[0] * x + m[1] * y + m[2] + m[9] * inverse;
        double qy = m[3] * x + m[4] * y + m[5] + m[10] * inverse;
        double qz = m[6] * x + m[7] * y + m[8] + m[11] * inverse;
        if (!(qz > 1e-9)) {
            return false;
        }
        out[0] = qx / qz;
        out[1] = qy / qz;
        out[2] = inverse / qz;
        return true;
    }

    /** The angle between the two views' rays to a world point, radians. */
    double angleAt(double[] points, int at) {
        Vector3d p = new Vector3d(points[at], points[at + 1], points[at + 2]);
        return new Vector3d(p).sub(centre).angle(p.sub(otherCentre));
    }

    /** Fills in x, y and depth of a world point; false where it is behind the camera or outside of the picture. */
    static boolean project(StereoView view, double[] points, int at, double[] out) {
        Camera camera = view.camera();
        Vector3d c = view.camFromWorld().transform(new Vector3d(points[at], points[at + 1], points[at + 2]));
        out[0] = camera.fx() * c.x / c.z + camera.cx();
        out[1] = camera.fy() * c.y / c.z + camera.cy();
        out[2] = c.z;
        return c.z > 0 && out[0] >= 0 && out[1] >= 0 && out[0] < camera.width() && out[1] < camera.height();
    }
}
