package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private static final String K = "1".repeat(64);
    private static final String M = "f".repeat(64);

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
        assertThat(cache.keypoints(K)).isEmpty();
        assertThat(cache.matches(M)).isEmpty();
        cache.store(K, keypoints());
        cache.store(M, List.of(pair(), pair()));
        assertThat(new SfmCache(folder).keypoints(K)).contains(keypoints());
        assertThat(new SfmCache(folder).matches(M)).contains(List.of(pair(), pair()));
    }

    @Test
    void aDamagedFileCountsAsAbsent() throws IOException {
        SfmCache cache = new SfmCache(folder);
        cache.store(K, keypoints());
        Path file = folder.resolve("keypoints").resolve(K + ".bin");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(cache.keypoints(K)).isEmpty();
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(cache.keypoints(K)).isEmpty();
        bytes[0] = 0x7f;
        Files.write(file, bytes);
        assertThat(cache.keypoints(K)).isEmpty();
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
}
