package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.features.FeatureFiles;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three splats, left, middle and right; the outer two are alike. */
class SplatSelectionTest {

    @TempDir
    private Path run;

    private Path splats;
    private Path out;

    @BeforeEach
    void files() throws IOException {
        splats = run.resolve("splats.ply");
        out = run.resolve("part.ply");
        Gaussians g = Gaussians.zeros(3, 0);
        for (int i = 0; i < 3; i++) {
            g.means()[3 * i] = i - 1;
            g.means()[3 * i + 2] = 4;
            for (int k = 0; k < 3; k++) {
                g.logScales()[3 * i + k] = -2;
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = 5;
        }
        SplatFiles.write(new StoredSplats(g, false), splats);
        write(3);
        Camera camera = new Camera(CameraModel.SIMPLE_RADIAL, 80, 60, 80, 40, 30, -0.1);
        View view = new View("a/photo.jpg", 0, Rigid3.IDENTITY, new double[0], new int[0]);
        ColmapModel.write(new Scene(List.of(camera), List.of(view), ScenePoints.NONE), run.resolve("sparse/0"));
    }

    private void write(int count) throws IOException {
        float[] values = new float[2 * count];
        for (int i = 0; i < count; i++) {
            values[2 * i + i % 2] = 1;
        }
        FeatureFiles.writeNpy(new FeatureMap(count, 1, 2, 1, 1, values), run.resolve("splats.features.npy"));
    }

    private Gaussians picked(String region) throws IOException {
        SplatViewer.export(splats, Optional.empty(), SplatSelection.parse(region), out);
        return SplatFiles.read(out).gaussians();
    }

    @Test
    void theLeftOneFindsTheRightOneToo() throws IOException {
        Gaussians picked = picked("a/photo.jpg:15,25,10,10");
        assertThat(picked.count()).isEqualTo(2);
        assertThat(picked.means()[0]).isEqualTo(-1);
        assertThat(picked.means()[3]).isEqualTo(1);
    }

    @Test
    void theMiddleOneIsAlone() throws IOException {
        Gaussians picked = picked("a/photo.jpg:35,25,10,10");
        assertThat(picked.count()).isEqualTo(1);
        assertThat(picked.means()[0]).isZero();
    }

    @Test
    void whatCannotBeSaysWhy() throws IOException {
        assertThatThrownBy(() -> picked("a/photo.jpg:0,0,5,5"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shows no splat");
        assertThatThrownBy(() -> picked("other.jpg:0,0,5,5"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no photo other.jpg");
        write(4);
        assertThatThrownBy(() -> picked("a/photo.jpg:15,25,10,10"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("features of 4 splats but there are 3");
        Files.delete(run.resolve("splats.features.npy"));
        assertThatThrownBy(() -> picked("a/photo.jpg:15,25,10,10"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("splats.features.npy");
    }

    @Test
    void textThatIsNoRegionIsNone() {
        assertThat(SplatSelection.parse("a:b.jpg:1,2,3,4")).contains(new SplatSelection("a:b.jpg", 1, 2, 3, 4));
        assertThat(SplatSelection.parse("a.jpg:1,2,0,4")).isEmpty();
        assertThat(SplatSelection.parse("a.jpg")).isEmpty();
        assertThat(SplatSelection.parse("a.jpg:1,2,3,-4")).isEmpty();
    }
}
