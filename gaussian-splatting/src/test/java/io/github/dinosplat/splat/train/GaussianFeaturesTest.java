package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A wall of two halves with different features, another such wall hidden behind it. */
class GaussianFeaturesTest {

    private static final PinholeView CAMERA = new PinholeView(60, 60, 32, 24, 64, 48, Rigid3.IDENTITY);
    private static final int ACROSS = 16;
    private static final int WALL = ACROSS * 12;

    private final Gaussians gaussians = Gaussians.zeros(2 * WALL, 0);
    private final SplatEngine engine = new JvmEngine(1);

    @BeforeEach
    void walls() {
        for (int i = 0; i < gaussians.count(); i++) {
            double z = i < WALL ? 4 : 6;
            gaussians.means()[3 * i] = (float) (((i % ACROSS + 0.5) / ACROSS - 0.5) * z);
            gaussians.means()[3 * i + 1] = (float) ((i / ACROSS % 12 + 0.5 - 6) / ACROSS * z);
            gaussians.means()[3 * i + 2] = (float) z;
            for (int k = 0; k < 3; k++) {
                gaussians.logScales()[3 * i + k] = (float) Math.log(k == 2 ? 0.01 : 0.03 * z);
            }
            gaussians.quaternions()[4 * i] = 1;
            gaussians.logitOpacities()[i] = (float) Gaussians.logit(0.98);
        }
        engine.load(TrainingState.start(gaussians));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    /** The left half of the picture has features along one axis, the right half along the other. */
    private static FeatureMap halves() {
        float[] values = new float[6 * 8 * 2];
        for (int i = 0; i < 6 * 8; i++) {
            values[2 * i + (i % 8 < 4 ? 0 : 1)] = 3;
        }
        return new FeatureMap(6, 8, 2, 64, 48, values);
    }

    private GaussianFeatures lifted() {
        GaussianFeatures features = GaussianFeatures.none(gaussians.count(), 2);
        features.add(gaussians, engine, CAMERA, halves());
        return features;
    }

    @Test
    void whatIsSeenGetsThePhotosFeatures() {
        float[] values = lifted().values();
        for (int i = 0; i < WALL; i++) {
            int column = i % ACROSS;
            if (column < 6 || column >= 10) {
                assertThat(values[2 * i + (column < 8 ? 0 : 1)]).isEqualTo(3);
                assertThat(values[2 * i + (column < 8 ? 1 : 0)]).isZero();
            }
        }
    }

    @Test
    void whatIsHiddenGetsNone() {
        float[] values = lifted().values();
        for (int i = 2 * WALL; i < 4 * WALL; i++) {
            assertThat(values[i]).isZero();
        }
        engine.load(TrainingState.start(
                gaussians.select(IntStream.range(WALL, 2 * WALL).toArray())));
        Gaussians alone = engine.state().gaussians();
        GaussianFeatures features = GaussianFeatures.none(WALL, 2);
        features.add(alone, engine, CAMERA, halves());
        assertThat(features.values()[0]).as("nothing hides it now").isEqualTo(3);
    }

    @Test
    void anAreaShowsTheWallInFrontAlone() {
        int[] shown = GaussianFeatures.shown(gaussians, engine, CAMERA, (x, y) -> x < 32);
        assertThat(shown).hasSize(WALL / 2);
        assertThat(IntStream.of(shown)).allMatch(i -> i < WALL && i % ACROSS < 8);
    }

    @Test
    void aFewExamplesFindTheirHalf() {
        int[] like = lifted().like(new int[] {2 * ACROSS + 1, 3 * ACROSS + 2, 4 * ACROSS + 1});
        assertThat(IntStream.of(like)).allMatch(i -> i < WALL && i % ACROSS < 8);
        assertThat(like.length).isGreaterThan(6 * 12);
    }

    @Test
    void withOneFeatureForAllTheExamplesFindTheWholeWall() {
        float[] same = new float[2 * gaussians.count()];
        for (int i = 0; i < 2 * WALL; i += 2) {
            same[i] = 1;
        }
        assertThat(GaussianFeatures.of(2, same).like(new int[] {1})).hasSize(WALL);
    }

    @Test
    void anotherPoseSeesAnotherPlace() {
        Rigid3 turned = new Rigid3(new Quaterniond().rotationY(Math.PI), new Vector3d());
        PinholeView away = CAMERA.withPose(turned);
        GaussianFeatures features = GaussianFeatures.none(gaussians.count(), 2);
        features.add(gaussians, engine, away, halves());
        assertThat(features.values()).containsOnly(0);
        assertThat(features.like(new int[] {0})).as("nothing is known about it").isEmpty();
    }
}
