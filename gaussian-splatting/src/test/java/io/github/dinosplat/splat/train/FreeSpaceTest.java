package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.Gaussians;
import java.util.ArrayList;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Four photos of a plane at depth 5, from places within a unit of the origin. */
class FreeSpaceTest {

    private static FreeSpace before(List<DepthMap> maps) {
        return new FreeSpace(DenseSeedsTest.seen(maps));
    }

    @Test
    void isWhatPhotosLookThrough() {
        FreeSpace space = before(DenseSeedsTest.plane(1));
        assertThat(space.contains(new Vector3d(0, 0, 2.5))).isTrue();
        assertThat(space.contains(new Vector3d(0, 0, 5))).isFalse();
        // A little before the surface and behind it photos cannot tell.
        assertThat(space.contains(new Vector3d(0, 0, 4.2))).isFalse();
        assertThat(space.contains(new Vector3d(0, 0, 20))).isFalse();
    }

    @Test
    void isNearCamerasWithinAPartOfTheirDepth() {
        FreeSpace space = before(DenseSeedsTest.plane(1));
        assertThat(space.isNear(new Vector3d(-2.2, 0, 1))).isTrue();
        assertThat(space.isNear(new Vector3d(-8, 0, 4))).isFalse();
    }

    @Test
    void whereNothingIsKnownNothingIsFree() {
        List<DepthMap> unknown = new ArrayList<>();
        for (DepthMap map : DenseSeedsTest.plane(1)) {
            int n = map.width() * map.height();
            unknown.add(new DepthMap(map.width(), map.height(), new float[n], new float[n]));
        }
        assertThat(before(unknown).contains(new Vector3d(0, 0, 2.5))).isFalse();
        assertThat(before(unknown).isNear(new Vector3d(-2.2, 0, 1))).isFalse();
    }

    @Test
    void whatFloatsThereLosesItsOpacity() {
        Gaussians two = Gaussians.zeros(2, 0);
        two.means()[2] = 2.5f;
        two.means()[5] = 5;
        before(DenseSeedsTest.plane(1)).clear(two);
        assertThat((double) two.logitOpacities()[0]).isLessThan(Gaussians.logit(0.005));
        assertThat(two.logitOpacities()[1]).isZero();
    }

    /** A Gaussian of opacity 0.5 whose first axis, turned into this direction, is so long; the others are short. */
    private static float opacityAfterClearing(Vector3d centre, Vector3d direction, double length) {
        Gaussians one = Gaussians.zeros(1, 0);
        Quaterniond turn = new Quaterniond().rotationTo(new Vector3d(1, 0, 0), direction);
        float[] q = {(float) turn.w, (float) turn.x, (float) turn.y, (float) turn.z};
        System.arraycopy(q, 0, one.quaternions(), 0, 4);
        for (int k = 0; k < 3; k++) {
            one.means()[k] = (float) centre.get(k);
            one.logScales()[k] = (float) Math.log(k == 0 ? length : 0.05);
        }
        before(DenseSeedsTest.plane(1)).clear(one);
        return one.logitOpacities()[0];
    }

    @Test
    void whatReachesNearACameraFromBesideAllPhotosLosesItsOpacity() {
        Vector3d beside = new Vector3d(-8, 0, 4);
        Vector3d toCameras = new Vector3d(beside).negate();
        Vector3d past = new Vector3d(0, 1, 0);
        assertThat((double) opacityAfterClearing(beside, toCameras, 3.5)).isLessThan(Gaussians.logit(0.005));
        // Not where it is short, points elsewhere, or has its centre where a photo shows it.
        assertThat(opacityAfterClearing(beside, toCameras, 0.5)).isZero();
        assertThat(opacityAfterClearing(beside, past, 3.5)).isZero();
        assertThat(opacityAfterClearing(new Vector3d(0, 0, 5), new Vector3d(0, 0, -1), 3.5))
                .isZero();
    }
}
