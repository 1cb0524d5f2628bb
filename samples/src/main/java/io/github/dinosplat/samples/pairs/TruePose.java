package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * Two cameras whose relative pose is known; solved within 5 degrees.
 *
 * @param a first camera
 * @param b second camera
 * @param bFromA relative pose; the length of its translation does not count
 */
record TruePose(Camera a, Camera b, Rigid3 bFromA) implements Truth {

    private static final double SOLVED_DEG = 5;

    @Override
    public Optional<Camera> cameraA() {
        return Optional.of(a);
    }

    @Override
    public Optional<Camera> cameraB() {
        return Optional.of(b);
    }

    @Override
    public Verdict judge(PhotoMatches found, double diagonal) {
        double error = found.bFromA().map(this::errorDeg).orElse(180.0);
        double[] f = RobustEssential.fundamentalOf(a, b, bFromA);
        int right =
                Truth.onLines(straight(a, found.pixelsA()), straight(b, found.pixelsB()), f, Truth.RIGHT * diagonal);
        return new Verdict(error < SOLVED_DEG, right, error);
    }

    /** The greater of the errors of the rotation and of the direction of the translation. */
    double errorDeg(Rigid3 found) {
        return Math.max(
                Math.toDegrees(found.rotationAngleTo(bFromA)),
                Math.toDegrees(new Vector3d(found.translation()).angle(new Vector3d(bFromA.translation()))));
    }

    /** Pixels as a camera without distortion would have them. */
    private static double[] straight(Camera camera, double[] pixels) {
        double[] out = new double[pixels.length];
        double[] ray = new double[2];
        for (int i = 0; i < pixels.length; i += 2) {
            camera.unproject(pixels[i], pixels[i + 1], ray);
            out[i] = camera.fx() * ray[0] + camera.cx();
            out[i + 1] = camera.fy() * ray[1] + camera.cy();
        }
        return out;
    }
}
