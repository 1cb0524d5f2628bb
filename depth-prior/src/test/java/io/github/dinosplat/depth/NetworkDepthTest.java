package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.depth.network.DepthGraphs;
import io.github.dinosplat.depth.network.DepthNetwork;
import io.github.dinosplat.depth.network.DepthOutput;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Depth networks on a scene whose photos show their inverse depth in red. */
class NetworkDepthTest {

    private static final DepthOptions OPTIONS = new DepthOptions(160, 20, 2, 0);
    private static final Scene SCENE = TwoPlanes.scene(4, 300, 3);

    @TempDir
    Path folder;

    @Test
    void networksOfEveryKindAreUnderstoodWithoutBeingTold() throws IOException {
        for (Path file : new Path[] {
            DepthGraphs.depthAnything2(folder),
            DepthGraphs.depthAnything3(folder),
            DepthGraphs.logarithm(folder),
            DepthGraphs.metric3d(folder, TwoPlanes.HEIGHT, TwoPlanes.WIDTH),
            DepthGraphs.moge2(folder, TwoPlanes.HEIGHT, TwoPlanes.WIDTH, 300, 0.2f)
        }) {
            DepthResult result = estimate(file, Optional.empty(), SCENE, photos());
            assertThat(result.features()).isEqualTo(String.valueOf(file.getFileName()));
            assertThat(result.featureTrust()).as("%s", file).isPositive();
            assertThat(result.blocks().orElseThrow().head().absRel())
                    .as("%s", file)
                    .isLessThan(0.02)
                    .isLessThan(result.blocks().orElseThrow().nearest().absRel());
        }
    }

    @Test
    void aNetworkThatIsMisunderstoodOrKnowsNothingIsNotFollowedIntoError() throws IOException {
        Path file = DepthGraphs.depthAnything2(folder);
        double right = estimate(file, Optional.of(DepthOutput.INVERSE), SCENE, photos())
                .blocks()
                .orElseThrow()
                .head()
                .absRel();
        DepthResult wrong = estimate(file, Optional.of(DepthOutput.DEPTH), SCENE, photos());
        assertThat(wrong.blocks().orElseThrow().head().absRel()).isGreaterThan(1.3 * right);
        // Photos without any red tell nothing; the points alone remain.
        DepthResult blind = estimate(
                file,
                Optional.empty(),
                SCENE,
                name -> new Image(TwoPlanes.WIDTH, TwoPlanes.HEIGHT, new byte[3 * TwoPlanes.WIDTH * TwoPlanes.HEIGHT]));
        assertThat(blind.maps()).isEqualTo(4);
        assertThat(blind.blocks().orElseThrow().head().absRel()).isLessThan(0.2);
    }

    @Test
    void photosWithTooFewPointsAreRefusedWithAReason() throws IOException {
        DepthResult result =
                estimate(DepthGraphs.depthAnything2(folder), Optional.empty(), TwoPlanes.scene(2, 12, 5), photos());
        assertThat(result.maps()).isZero();
        assertThat(result.photos())
                .allSatisfy(
                        p -> assertThat(p.whyUnknown().orElseThrow()).contains("usable sparse points, 20 are needed"));
    }

    private static DepthResult estimate(Path file, Optional<DepthOutput> kind, Scene scene, PhotoSource photos)
            throws IOException {
        try (DepthNetwork network = DepthNetwork.open(file, kind)) {
            return DepthPrior.estimate(scene, photos, network, OPTIONS, (view, map) -> {}, Progress.NONE);
        }
    }

    private static PhotoSource photos() {
        return name -> {
            byte[] rgb = new byte[3 * TwoPlanes.WIDTH * TwoPlanes.HEIGHT];
            for (int y = 0; y < TwoPlanes.HEIGHT; y++) {
                for (int x = 0; x < TwoPlanes.WIDTH; x++) {
                    double z = TwoPlanes.depth(TwoPlanes.index(name), x + 0.5, y + 0.5);
                    rgb[3 * (y * TwoPlanes.WIDTH + x)] = (byte) Math.round(255 * DepthGraphs.RED / z);
                }
            }
            return new Image(TwoPlanes.WIDTH, TwoPlanes.HEIGHT, rgb);
        };
    }
}
