package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Turned axes are judged by what they look like: a camera that is turned with them must see the same picture. */
class AxisFlipsTest {

    private static final int WIDTH = 96;
    private static final int HEIGHT = 64;

    private static Gaussians splats() {
        Gaussians g = ManySplats.random(21, 60, 3);
        for (int i = 0; i < g.count(); i++) {
            g.means()[3 * i + 2] += 8;
        }
        return g;
    }

    private static float[] picture(Gaussians g, double cx, Rigid3 camFromWorld) {
        PinholeView view = new PinholeView(90, 85, cx, 30, WIDTH, HEIGHT, camFromWorld);
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(g.copy()));
            return engine.render(view, RenderOptions.defaults()).rgb();
        }
    }

    private static double difference(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    private static final Rigid3 POSE =
            new Rigid3(new Quaterniond().rotationXYZ(0.2, -0.15, 0.4), new Vector3d(0.3, -0.2, 0.5));

    @Test
    void halfATurnAboutXLooksTheSameFromACameraTurnedAlong() {
        Gaussians g = splats();
        Gaussians turned = g.copy();
        AxisFlips.BETWEEN_RUB_AND_RDF.apply(turned);
        Quaterniond halfTurn = new Quaterniond().rotationX(Math.PI);
        Rigid3 pose = new Rigid3(new Quaterniond(POSE.rotation()).mul(halfTurn), POSE.translation());
        float[] expected = picture(g, 50, POSE);
        assertThat(difference(picture(turned, 50, pose), expected)).isLessThan(1e-4);

        // Harmonics that were not turned, or rotations, would be seen.
        Gaussians harmonics =
                new Gaussians(3, turned.means(), g.logScales(), turned.quaternions(), g.logitOpacities(), g.sh());
        assertThat(difference(picture(harmonics, 50, pose), expected)).isGreaterThan(0.05);
        Gaussians rotations =
                new Gaussians(3, turned.means(), g.logScales(), g.quaternions(), g.logitOpacities(), turned.sh());
        assertThat(difference(picture(rotations, 50, pose), expected)).isGreaterThan(0.05);
    }

    /** One axis alone: a world in a mirror, seen by a camera in the mirror, is the picture mirrored. */
    @Test
    void aMirroredWorldIsAMirroredPicture() {
        Gaussians g = splats();
        Gaussians mirrored = g.copy();
        new AxisFlips(true, false, false).apply(mirrored);
        Quaterniond q = new Quaterniond(POSE.rotation());
        Rigid3 pose = new Rigid3(
                new Quaterniond(q.x, -q.y, -q.z, q.w),
                new Vector3d(
                        -POSE.translation().x(),
                        POSE.translation().y(),
                        POSE.translation().z()));
        float[] expected = picture(g, 50, POSE);
        float[] found = picture(mirrored, WIDTH - 50, pose);
        float[] back = new float[found.length];
        for (int i = 0; i < found.length; i++) {
            int pixel = i / 3;
            int x = pixel % WIDTH;
            back[3 * (pixel - x + WIDTH - 1 - x) + i % 3] = found[i];
        }
        assertThat(difference(back, expected)).isLessThan(1e-4);
        assertThat(difference(found, expected)).isGreaterThan(0.05);
    }

    @Test
    void twiceIsNothing() {
        for (int flips = 0; flips < 8; flips++) {
            AxisFlips axes = new AxisFlips((flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0);
            Gaussians g = splats();
            Gaussians twice = g.copy();
            axes.apply(twice);
            axes.apply(twice);
            assertThat(twice.means()).isEqualTo(g.means());
            assertThat(twice.quaternions()).isEqualTo(g.quaternions());
            assertThat(twice.sh()).isEqualTo(g.sh());
        }
    }
}
