package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.SplatView;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** Random Gaussians in front of a camera that is neither at the origin nor upright. */
final class RandomScene {

    private RandomScene() {}

    static PinholeView view(int width, int height) {
        Quaterniond rotation = new Quaterniond().rotationXYZ(0.3, -0.2, 0.5);
        return new PinholeView(
                0.9 * width,
                0.85 * width,
                0.48 * width,
                0.53 * height,
                width,
                height,
                new Rigid3(rotation, new Vector3d(0.4, -0.3, 0.2)));
    }

    /** A parallel projection from the same place, about as large. */
    static OrthographicView orthographic(int width, int height) {
        PinholeView view = view(width, height);
        return new OrthographicView(
                view.fx() / 3.5, view.fy() / 3.5, view.cx(), view.cy(), width, height, view.camFromWorld());
    }

    /** A view whose camera frame is moved a little: translation, then rotation vector. */
    static SplatView moved(SplatView view, double[] motion) {
        Vector3d turn = new Vector3d(motion[3], motion[4], motion[5]);
        double angle = turn.length();
        Quaterniond rotation = new Quaterniond();
        if (angle > 0) {
            rotation.fromAxisAngleRad(turn.div(angle), angle);
        }
        Rigid3 moved = new Rigid3(rotation, new Vector3d(motion[0], motion[1], motion[2]));
        return view.withPose(moved.compose(view.camFromWorld()));
    }

    /** The same Gaussians with random features. */
    static Gaussians withFeatures(Gaussians gaussians, int channels, long seed) {
        double[] values = weights(seed, gaussians.count() * channels);
        float[] features = new float[values.length];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) values[i];
        }
        return gaussians.withFeatures(channels, features);
    }

    /**
     * Gaussians spread over the picture and beyond its borders.
     *
     * @param pixels typical standard deviation on the screen, in pixels
     */
    static Gaussians gaussians(long seed, int count, PinholeView view, double pixels) {
        Random random = new Random(seed);
        Gaussians g = Gaussians.zeros(count, 3);
        Rigid3 worldFromCam = view.camFromWorld().inverse();
        for (int i = 0; i < count; i++) {
            double z = 2 + 3 * random.nextDouble();
            double x = (1.3 * random.nextDouble() - 0.15) * view.width();
            double y = (1.3 * random.nextDouble() - 0.15) * view.height();
            Vector3d world = worldFromCam.transform(
                    new Vector3d((x - view.cx()) / view.fx() * z, (y - view.cy()) / view.fy() * z, z));
            g.means()[3 * i] = (float) world.x;
            g.means()[3 * i + 1] = (float) world.y;
            g.means()[3 * i + 2] = (float) world.z;
            for (int k = 0; k < 3; k++) {
                double size = pixels * z / view.fx() * Math.exp(0.5 * random.nextGaussian());
                g.logScales()[3 * i + k] = (float) Math.log(size);
            }
            for (int k = 0; k < 4; k++) {
                g.quaternions()[4 * i + k] = (float) (random.nextGaussian() + (k == 0 ? 0.2 : 0));
            }
            g.logitOpacities()[i] = (float) (1.5 * random.nextGaussian());
            for (int k = 0; k < 48; k++) {
                g.sh()[48 * i + k] = (float) ((k < 3 ? 0.6 : 0.15) * random.nextGaussian());
            }
        }
        return g;
    }

    static double[] weights(long seed, int count) {
        Random random = new Random(seed);
        double[] w = new double[count];
        for (int i = 0; i < count; i++) {
            w[i] = (float) random.nextGaussian();
        }
        return w;
    }
}
