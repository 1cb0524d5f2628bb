package io.github.dinosplat.matching.twoview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Photos of different places, which must not match however hard it is tried, and turned ones, which must. */
class HardPairsTest {

    private static final MatchOptions OPTIONS = MatchOptions.defaults().withEpipolarSearch(true);

    private static Path folder(String set) {
        Optional<Path> folder = RealData.folder(set);
        assumeTrue(folder.isPresent(), RealData.absence(set));
        return folder.orElseThrow();
    }

    @Test
    @Tag("acceptance")
    void guidedPhotosOfDifferentPlacesHaveNoGeometry() throws IOException {
        Path pairs = folder("wxbs-pairs");
        List<String> names = List.of("WGABS-kyiv", "WGALBS-bridge", "WGLBS-him", "WLABS-kpi");
        try (DenseFeatures network = DenseFeatures.embedded(PhotoMatcher.featureOptions());
                PhotoMatcher matcher = new PhotoMatcher(KeypointOptions.defaults(), OPTIONS, Optional.of(network))) {
            for (int i = 0; i < names.size(); i++) {
                Image a = ImageFiles.read(pairs.resolve(names.get(i)).resolve("01.jpg"));
                Image b = ImageFiles.read(
                        pairs.resolve(names.get((i + 1) % names.size())).resolve("02.jpg"));
                assertThat(matcher.match(a, Optional.empty(), b, Optional.empty())
                                .way())
                        .as(names.get(i) + " and the next")
                        .isEqualTo(PhotoMatches.Way.NONE);
            }
        }
    }

    @Test
    void turnedAerialPhotosMatchAsWellAsUprightOnes() throws IOException {
        Path photos = folder("odm-caliterra").resolve("images");
        Image a = ImageFiles.read(photos.resolve("IMG_9388.jpg")).fitted(1000);
        Image b = ImageFiles.read(photos.resolve("IMG_9389.jpg")).fitted(1000);
        try (PhotoMatcher matcher = new PhotoMatcher(KeypointOptions.defaults(), OPTIONS, Optional.empty())) {
            int upright = count(matcher, a, b);
            assertThat(upright).isGreaterThan(500);
            assertThat((double) count(matcher, a, turned(b)))
                    .as("by 90 degrees")
                    .isGreaterThan(0.95 * upright);
            assertThat((double) count(matcher, a, turned(turned(b))))
                    .as("by 180 degrees")
                    .isGreaterThan(0.95 * upright);
        }
    }

    private static int count(PhotoMatcher matcher, Image a, Image b) {
        PhotoMatches found = matcher.match(a, Optional.empty(), b, Optional.empty());
        assertThat(found.way()).isEqualTo(PhotoMatches.Way.KEYPOINTS);
        return found.count();
    }

    /** Turned clockwise by a quarter. */
    static Image turned(Image image) {
        int w = image.height();
        int h = image.width();
        byte[] rgb = new byte[3 * w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * w + x) + c] = (byte) image.value(y, image.height() - 1 - x, c);
                }
            }
        }
        return new Image(w, h, rgb);
    }
}
