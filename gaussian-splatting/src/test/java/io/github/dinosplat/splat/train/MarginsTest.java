package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** What is guessed beside the four photos of a plane at depth 5. */
class MarginsTest {

    private static final Camera[] CAMERAS = DenseSeedsTest.VIEWS.stream()
            .map(DenseSeedsTest.WALL.scene()::cameraOf)
            .toArray(Camera[]::new);

    private static Gaussians beside(Gaussians inner, int most) throws IOException {
        List<DepthMap> maps = DenseSeedsTest.plane(1);
        List<SurfaceGrid> grids = new ArrayList<>();
        for (int v = 0; v < CAMERAS.length; v++) {
            grids.add(new SurfaceGrid(
                    DenseSeedsTest.photos().pinhole(DenseSeedsTest.VIEWS.get(v), 0),
                    DenseSeedsTest.photos().image(DenseSeedsTest.VIEWS.get(v), 0),
                    maps.get(v),
                    new double[0]));
        }
        List<SeenDepths> seen = DenseSeedsTest.seen(maps);
        return Margins.beside(inner, seen, grids, new FreeSpace(seen), most);
    }

    @Test
    void surfacesGoOnBesideThePhotosAndOnlyThere() throws IOException {
        Gaussians all = beside(Gaussians.zeros(0, 3), 5000);
        assertThat(all.count()).isBetween(200, 5000);
        assertThat(all.firstUnusable()).isEqualTo(-1);
        for (int i = 0; i < all.count(); i++) {
            Vector3d place = new Vector3d(all.means()[3 * i], all.means()[3 * i + 1], all.means()[3 * i + 2]);
            assertThat(place.z).isCloseTo(5, within(0.4));
            for (int v = 0; v < CAMERAS.length; v++) {
                View view = DenseSeedsTest.VIEWS.get(v);
                Vector3d c = view.camFromWorld().transform(place);
                double x = CAMERAS[v].fx() * c.x / c.z + CAMERAS[v].cx();
                double y = CAMERAS[v].fy() * c.y / c.z + CAMERAS[v].cy();
                assertThat(x > 0 && y > 0 && x < CAMERAS[v].width() && y < CAMERAS[v].height())
                        .isFalse();
            }
        }
        assertThat(beside(Gaussians.zeros(0, 3), 7).count()).isEqualTo(7);
    }

    @Test
    void nothingIsAddedWhereSomethingIs() throws IOException {
        Gaussians all = beside(Gaussians.zeros(0, 3), 5000);
        Gaussians again = beside(all, 5000);
        assertThat(again.count() - all.count()).isLessThan(all.count() / 20);
        assertThat(again.means()).startsWith(all.means());
    }
}
