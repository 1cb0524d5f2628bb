package io.github.dinosplat.splat.stereo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.DepthMap;
import org.junit.jupiter.api.Test;

/** A surface at depth 2, one at another depth, and between them a strip without depths. */
class HoleFillingTest {

    private static final int SIZE = 64;
    private static final int MIDDLE = 32;

    /** The map filled, whose strip of this width begins at column 30, or at row 30 where it is turned. */
    private static DepthMap filled(float second, int width, boolean turned) {
        float[] depth = new float[SIZE * SIZE];
        for (int i = 0; i < depth.length; i++) {
            int across = turned ? i / SIZE : i % SIZE;
            depth[i] = across < 30 ? 2 : across < 30 + width ? 0 : second;
        }
        float[] sure = DenseDepth.filled(depth.length, 1);
        return HoleFilling.fill(new DepthMap(SIZE, SIZE, depth, sure));
    }

    @Test
    void whatTheNearerOfTwoSurfacesHidesBelongsToTheFarther() {
        for (boolean turned : new boolean[] {false, true}) {
            DepthMap map = filled(6, 6, turned);
            for (int i = 30; i < 36; i++) {
                int x = turned ? MIDDLE : i;
                int y = turned ? i : MIDDLE;
                assertThat(map.depth(x, y)).isEqualTo(6);
                assertThat(map.confidence(x, y)).isEqualTo(DenseDepth.GUESSED);
            }
        }
        assertThat(filled(1, 6, false).depth(35, MIDDLE)).isEqualTo(2);
    }

    @Test
    void withoutAnEdgeDepthsGoOnSmoothly() {
        assertThat((double) filled(2.2f, 6, false).depth(MIDDLE, MIDDLE)).isBetween(2.01, 2.19);
    }

    @Test
    void aWideHoleIsNoStrip() {
        assertThat((double) filled(6, 10, false).depth(MIDDLE, MIDDLE)).isBetween(2.0, 5.0);
    }
}
