package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.util.Arrays;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class WidestAngleTest {

    private static final View HERE = new View("a", 0, Rigid3.IDENTITY, new double[0], new int[0]);

    /** An opaque Gaussian far to the side, hardly before the camera. */
    private static Gaussians beside(double scale) {
        Gaussians g = Gaussians.zeros(1, 0);
        g.means()[0] = 60;
        g.means()[2] = 1;
        g.quaternions()[0] = 1;
        g.logitOpacities()[0] = 8;
        Arrays.fill(g.logScales(), (float) Math.log(scale));
        return g;
    }

    private static float middle(Gaussians gaussians) {
        PinholeView view = new PinholeView(40, 40, 24, 24, 48, 48, Rigid3.IDENTITY);
        try (JvmEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(gaussians));
            return engine.render(view, RenderOptions.defaults()).alpha()[24 * 48 + 24];
        }
    }

    @Test
    void nothingBesideTheCameraVeilsIt() {
        Gaussians wide = beside(50);
        assertThat(middle(wide)).isGreaterThan(0.4f);
        new WidestAngle(List.of(HERE)).hold(wide);
        assertThat(middle(wide)).isLessThan(1e-3f);
    }

    @Test
    void theNearestCameraSaysHowWide() {
        View there = new View(
                "b", 0, new Rigid3(new Quaterniond().rotateY(1), new Vector3d(1, 2, 3)), new double[0], new int[0]);
        Vector3d centre = there.camFromWorld().targetOriginInSource();
        Gaussians g = beside(50);
        for (int k = 0; k < 3; k++) {
            g.means()[k] = (float) (centre.get(k) + (k == 1 ? 0.5 : 0));
        }
        g.logScales()[1] = -9;
        new WidestAngle(List.of(HERE, there)).hold(g);
        assertThat((double) g.logScales()[0]).isCloseTo(Math.log(0.1), within(1e-5));
        assertThat(g.logScales()[1]).isEqualTo(-9);
    }
}
