package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.PinholeView;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A plane at depth 5 of which photos confirm the left half. */
class SurfaceGridTest {

    private static final PinholeView CAMERA = DenseSeedsTest.photos().pinhole(DenseSeedsTest.VIEWS.get(0), 0);

    @Test
    void holesAreFilledBesideWhatIsKnownAndNoFarther() throws IOException {
        DepthMap plane = DenseSeedsTest.plane(1).get(0);
        int width = plane.width();
        int known = width / 2;
        float[] depth = new float[width * plane.height()];
        float[] confidence = new float[depth.length];
        for (int i = 0; i < depth.length; i++) {
            if (i % width < known) {
                depth[i] = plane.depth(i % width, i / width);
                confidence[i] = 1;
            }
        }
        SurfaceGrid grid = new SurfaceGrid(
                CAMERA,
                DenseSeedsTest.photos().image(DenseSeedsTest.VIEWS.get(0), 0),
                new DepthMap(width, plane.height(), depth, confidence),
                new double[0]);

        DepthMap filled = grid.filled(new DepthMap(width, plane.height(), depth, confidence));

        int row = plane.height() / 2;
        int beside = known + (int) (grid.cell / 2);
        assertThat(filled.depth(known - 1, row)).isEqualTo(plane.depth(known - 1, row));
        assertThat(filled.confidence(known - 1, row)).isEqualTo(1);
        assertThat(filled.depth(beside, row)).isCloseTo(5, within(0.2f));
        assertThat(filled.confidence(beside, row)).isEqualTo(SurfaceGrid.CONTINUED);
        for (int x = known + (int) Math.ceil(2 * grid.cell); x < width; x++) {
            assertThat(filled.depth(x, row)).as("depth at %d", x).isZero();
            assertThat(filled.confidence(x, row)).isZero();
        }
    }
}
