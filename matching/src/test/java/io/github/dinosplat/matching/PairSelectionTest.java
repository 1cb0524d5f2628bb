package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.keypoint.Textures;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.PhotoMetadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PairSelectionTest {

    private static final Keypoints NONE =
            new Keypoints(new float[0], new float[0], new float[0], new float[0], new float[0]);

    private static PhotoMetadata at(double latitude, double longitude) {
        return new PhotoMetadata(
                "",
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                Optional.of(new GeoPosition(latitude, longitude, Double.NaN)),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void smallSetsAreMatchedAllWithAll() {
        List<PhotoPair> pairs = PairSelection.select(
                Collections.nCopies(7, PhotoMetadata.NONE), Collections.nCopies(7, NONE), PairOptions.defaults());
        assertThat(pairs).hasSize(21).isSorted().doesNotHaveDuplicates();
        assertThat(PairSelection.select(List.of(), List.of(), PairOptions.defaults()))
                .isEmpty();
        assertThat(PairSelection.select(List.of(PhotoMetadata.NONE), List.of(NONE), PairOptions.defaults()))
                .isEmpty();
    }

    @Test
    void aGridOfPositionsIsMatchedWithItsNeighbours() {
        List<PhotoMetadata> photos = new ArrayList<>();
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 20; x++) {
                photos.add(at(47 + 0.0001 * y, 8 + 0.00015 * x));
            }
        }
        List<PhotoPair> pairs =
                PairSelection.select(photos, Collections.nCopies(400, NONE), new PairOptions(40, 4, 8, 0));
        assertThat(pairs).contains(new PhotoPair(210, 211), new PhotoPair(210, 230));
        long far = pairs.stream()
                .filter(p -> Math.abs(p.a() / 20 - p.b() / 20) > 3 || Math.abs(p.a() % 20 - p.b() % 20) > 3)
                .count();
        // Photos without keypoints are alike in nothing, so the similar ones are the first of the list.
        assertThat(far).isLessThanOrEqualTo(4L * 400);
        assertThat(pairs.size()).isLessThan(400 * 12);
    }

    @Test
    void theNumberOfPairsGrowsWithThePhotosOnly() {
        PairOptions options = PairOptions.defaults();
        for (int n : new int[] {100, 400}) {
            int count = PairSelection.select(
                            Collections.nCopies(n, PhotoMetadata.NONE), Collections.nCopies(n, NONE), options)
                    .size();
            assertThat(count).isLessThanOrEqualTo(n * (options.similar() + options.following()));
        }
    }

    @Test
    void photosThatLookAlikeAreFound() {
        // Twelve photos of six places: 2 k and 2 k + 1 overlap by two thirds.
        KeypointDetector detector = new KeypointDetector(KeypointOptions.defaults());
        List<Keypoints> keypoints = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int place = i / 2;
            int shift = 60 * (i % 2);
            keypoints.add(detector.detect(Textures.render(
                    180, 140, (x, y) -> new double[] {1000 * place + shift + x, 777 * place + y})));
        }
        List<PhotoPair> pairs = PairSelection.select(
                Collections.nCopies(12, PhotoMetadata.NONE), keypoints, new PairOptions(5, 1, 0, 0));
        for (int place = 0; place < 6; place++) {
            assertThat(pairs).contains(new PhotoPair(2 * place, 2 * place + 1));
        }
    }

    @Test
    void misuseIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairSelection.select(List.of(), List.of(NONE), PairOptions.defaults()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PhotoPair(3, 3))
                .withMessageContaining("3, 3");
        assertThatIllegalArgumentException().isThrownBy(() -> new PairOptions(1, -1, 0, 0));
    }
}
