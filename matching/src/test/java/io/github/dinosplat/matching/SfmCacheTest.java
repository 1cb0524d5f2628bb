package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.matching.twoview.TwoViewGeometry;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SfmCacheTest {

    @TempDir
    Path folder;

    private static final String KEYPOINT_KEY = "1".repeat(64);
    private static final String MATCH_KEY = "f".repeat(64);

    private static Keypoints keypoints() {
        return new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(20)).detect(picture());
    }

    private static Image picture() {
        byte[] rgb = new byte[3 * 64 * 64];
        new SplittableRandom(1).nextBytes(rgb);
        return new Image(64, 64, rgb);
    }

    private static MatchedPair pair() {
        return new MatchedPair(
                new PhotoPair(1, 4),
                new int[] {3, 5},
                new int[] {8, 2},
                new TwoViewGeometry(
                        TwoViewGeometry.Kind.CALIBRATED,
                        new double[] {1, 2, 3, 4, 5, 6, 7, 8, 1.0 / 3},
                        Optional.of(new double[9]),
                        Optional.of(new Rigid3(new Quaterniond().rotateX(0.3), new Vector3d(1, 2, Math.PI))),
                        17,
                        18,
                        19,
                        12.5));
    }

    @Test
    void givesBackWhatWasStored() throws IOException {
        SfmCache cache = new SfmCache(folder);
        assertThat(cache.keypoints(KEYPOINT_KEY)).isEmpty();
        assertThat(cache.matches(MATCH_KEY)).isEmpty();
        cache.store(KEYPOINT_KEY, keypoints());
        cache.store(MATCH_KEY, List.of(pair(), pair()));
        assertThat(new SfmCache(folder).keypoints(KEYPOINT_KEY)).contains(keypoints());
        assertThat(new SfmCache(folder).matches(MATCH_KEY)).contains(List.of(pair(), pair()));
    }

    @Test
    void keypointsOfANetworkComeBackTheSame() throws IOException {
        float[] descriptors = new float[2 * Keypoints.DESCRIPTOR_SIZE];
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < descriptors.length; i++) {
            descriptors[i] = (float) (random.nextDouble() - 0.5);
        }
        float[] pair = {1, 2};
        Keypoints keypoints = new Keypoints(pair, pair, pair, pair, descriptors);
        SfmCache cache = new SfmCache(folder);
        cache.store(KEYPOINT_KEY, keypoints);
        assertThat(cache.keypoints(KEYPOINT_KEY)).contains(keypoints);
    }

    @Test
    void aDamagedFileCountsAsAbsent() throws IOException {
        SfmCache cache = new SfmCache(folder);
        cache.store(KEYPOINT_KEY, keypoints());
        Path file = folder.resolve("keypoints").resolve(KEYPOINT_KEY + ".bin");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(cache.keypoints(KEYPOINT_KEY)).isEmpty();
        Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(cache.keypoints(KEYPOINT_KEY)).isEmpty();
        bytes[0] = 0x7f;
        Files.write(file, bytes);
        assertThat(cache.keypoints(KEYPOINT_KEY)).isEmpty();
    }

    @Test
    void theKeyFollowsThePhotoAndTheOptions() throws IOException {
        Path file = folder.resolve("a.jpg");
        Files.write(file, new byte[] {1, 2, 3});
        Photo photo = new Photo("a.jpg", file, 10, 10, PhotoMetadata.NONE);
        String key = SfmCache.keypointKey(photo, n -> picture(), new KeypointDetector(KeypointOptions.defaults()));
        assertThat(SfmCache.keypointKey(photo, n -> picture(), new KeypointDetector(KeypointOptions.defaults())))
                .isEqualTo(key);
        assertThat(SfmCache.keypointKey(
                        photo,
                        n -> picture(),
                        new KeypointDetector(KeypointOptions.defaults().withMaxKeypoints(7))))
                .isNotEqualTo(key);
        Files.delete(file);
        assertThat(SfmCache.keypointKey(photo, n -> picture(), new KeypointDetector(KeypointOptions.defaults())))
                .isNotEqualTo(key);
        Files.write(file, new byte[] {1, 2, 4});
        assertThat(SfmCache.keypointKey(photo, n -> picture(), new KeypointDetector(KeypointOptions.defaults())))
                .isNotEqualTo(key);
    }

    @Test
    void filesGiveBackWhatWasWritten() throws IOException {
        Path file = folder.resolve("a").resolve("0.bin");
        KeypointFiles.write(keypoints(), file, 17);
        assertThat(KeypointFiles.read(file, 17)).isEqualTo(keypoints());
        MatchFiles.write(List.of(pair(), pair()), file, 18);
        assertThat(MatchFiles.read(file, 18)).isEqualTo(List.of(pair(), pair()));
        MatchFiles.write(List.of(), file, 18);
        assertThat(MatchFiles.read(file, 18)).isEmpty();
    }

    @Test
    void damagedOrForeignFilesAreRefused() throws IOException {
        Path file = folder.resolve("0.bin");
        KeypointFiles.write(keypoints(), file, 17);
        assertThatThrownBy(() -> KeypointFiles.read(file, 18))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another input");
        assertThatThrownBy(() -> MatchFiles.read(file, 17))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DSMP");
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {5, 12, 20, 40, good.length / 2, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            assertThatThrownBy(() -> KeypointFiles.read(file, 17))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("delete it");
        }
        for (int length : new int[] {0, 3, 28, good.length - 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThatThrownBy(() -> KeypointFiles.read(file, 17)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> KeypointFiles.read(folder.resolve("none"), 17))
                .isInstanceOf(NoSuchFileException.class);
    }
}
