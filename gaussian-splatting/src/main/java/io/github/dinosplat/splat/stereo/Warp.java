package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.PinholeView;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** Where the pixels of one view lie in another: with p = (x, y, 1), {@code q = M p + m / depth} and the pixel is q / q_z. */
final class Warp {

    /** Row-major 3x3 and vector. */
    final float[] m = new float[12];

    private final Vector3d centre;
    private final Vector3d otherCentre;

    Warp(StereoView from, StereoView to) {
        PinholeView a = from.camera();
        PinholeView b = to.camera();
        Rigid3 toFromFrom = b.camFromWorld().compose(a.camFromWorld().inverse());
        double[] r = toFromFrom.rotationRowMajor();
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
        centre = a.camFromWorld().targetOriginInSource();
        otherCentre = b.camFromWorld().targetOriginInSource();
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
    double angleAt(Vector3dc p) {
        return new Vector3d(p).sub(centre).angle(new Vector3d(p).sub(otherCentre));
    }
}
