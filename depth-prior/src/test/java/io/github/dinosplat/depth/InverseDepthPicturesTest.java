package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Scene;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InverseDepthPicturesTest {

    @TempDir
    Path folder;

    @Test
    void picturesAndScalesGiveTheInverseDepthBack() throws IOException {
        Scene scene = TwoPlanes.scene(3, 200, 1);
        DepthMap near = new DepthMap(2, 2, new float[] {0.5f, 1, 2, 0}, new float[4]);
        DepthMap far = new DepthMap(2, 2, new float[] {40, 80, 1e9f, 50}, new float[4]);
        // The third photo has no map.
        int written = InverseDepthPictures.write(
                scene,
                view -> switch (TwoPlanes.index(view.name())) {
                    case 0 -> Optional.of(near);
                    case 1 -> Optional.of(far);
                    default -> Optional.empty();
                },
                folder);
        assertThat(written).isEqualTo(2);
        JsonNode all = new ObjectMapper()
                .readTree(folder.resolve(InverseDepthPictures.PARAMETERS).toFile());
        assertThat(all.size()).isEqualTo(2);
        double largest = 0;
        double least = Double.MAX_VALUE;
        for (int v = 0; v < 2; v++) {
            JsonNode of = all.path("photo" + v);
            double scale = of.path("scale").asDouble();
            largest = Math.max(largest, scale);
            least = Math.min(least, scale);
            assertThat(of.path("med_scale").asDouble()).isPositive();
            Raster picture =
                    ImageIO.read(folder.resolve("photo" + v + ".png").toFile()).getRaster();
            assertThat(picture.getSampleModel().getSampleSize(0)).isEqualTo(16);
            DepthMap map = v == 0 ? near : far;
            for (int i = 0; i < 4; i++) {
                float depth = map.depth(i % 2, i / 2);
                double inverse = picture.getSample(i % 2, i / 2, 0) / 65536.0 * scale
                        + of.path("offset").asDouble();
                assertThat(inverse).isCloseTo(depth > 0 ? 1 / depth : 0, offset(scale / 65000));
            }
        }
        // Readers leave out photos whose scale is beyond five times the median.
        assertThat(largest / least).isLessThan(5);
    }
}
