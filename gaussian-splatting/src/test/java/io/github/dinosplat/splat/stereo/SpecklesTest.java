package io.github.dinosplat.splat.stereo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.DepthMap;
import org.junit.jupiter.api.Test;

class SpecklesTest {

    private static final int SIZE = 100;

    @Test
    void smallIslandsGoAndSurfacesStay() {
        float[] depth = new float[SIZE * SIZE];
        float[] sure = new float[SIZE * SIZE];
        for (int i = 0; i < depth.length; i++) {
            int x = i % SIZE;
            int y = i / SIZE;
            // A slanted surface, a block of other depth inside it, one of nine and one of 25 pixels beside it.
            depth[i] = x < 50 ? 4 + 0.02f * x : 0;
            depth[i] = x >= 20 && x < 23 && y >= 20 && y < 23 ? 2 : depth[i];
            depth[i] = x >= 70 && x < 73 && y >= 20 && y < 23 ? 2 : depth[i];
            depth[i] = x >= 70 && x < 75 && y >= 50 && y < 55 ? 2 : depth[i];
            sure[i] = depth[i] > 0 ? 1 : 0;
        }
        DepthMap cleaned = Speckles.removed(new DepthMap(SIZE, SIZE, depth, sure));
        assertThat(cleaned.depth(30, 30)).isEqualTo(depth[30 * SIZE + 30]);
        assertThat(cleaned.confidence(30, 30)).isEqualTo(1);
        assertThat(cleaned.depth(72, 52)).isEqualTo(2);
        assertThat(cleaned.depth(21, 21)).isZero();
        assertThat(cleaned.depth(71, 21)).isZero();
        assertThat(cleaned.confidence(71, 21)).isZero();
    }
}
