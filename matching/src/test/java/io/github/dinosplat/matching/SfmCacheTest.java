package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SfmCacheTest {

    @TempDir
    Path folder;

    private static Keypoints keypoints() {
        float[] descriptors = new float[256];
        for (int i = 0; i < 256; i++) {
            descriptors[i] = (float) Math.sin(i);
        }
        return new Keypoints(
                new float[] {1.25f, 3.1f}, new float[] {7, 0.1f}, new float[] {2, 3}, new float[] {0, -1}, descriptors);
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
        assertThat(cache.keypoints("k")).isEmpty();
        assertThat(cache.matches("m")).isEmpty();
        cache.store("k", keypoints());
        cache.store("m", List.of(pair(), pair()));
        assertThat(new SfmCache(folder).keypoints("k")).contains(keypoints());
        assertThat(new SfmCache(folder).matches("m")).contains(List.of(pair(), pair()));
    }

    @Test
    void aDamagedFileCountsAsAbsent() throws IOException {
        SfmCache cache = new SfmCache(folder);
        cache.store("k", keypoints());
        Path file = folder.resolve("keypoints").resolve("k.bin");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(cache.keypoints("k")).isEmpty();
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertThat(cache.keypoints("k")).isEmpty();
        bytes[0] = 0x7f;
        Files.write(file, bytes);
        assertThat(cache.keypoints("k")).isEmpty();
    }

    @Test
    void theKeyFollowsThePhotoAndTheOptions() throws IOException {
        Path file = folder.resolve("a.jpg");
        Files.write(file, new byte[] {1, 2, 3});
        Photo photo = new Photo("a.jpg", file, 10, 10, PhotoMetadata.NONE);
        String key = SfmCache.keypointKey(photo, KeypointOptions.defaults());
        assertThat(SfmCache.keypointKey(photo, KeypointOptions.defaults())).isEqualTo(key);
        assertThat(SfmCache.keypointKey(photo, KeypointOptions.defaults().withMaxKeypoints(7)))
                .isNotEqualTo(key);
        Files.write(file, new byte[] {1, 2, 4});
        assertThat(SfmCache.keypointKey(photo, KeypointOptions.defaults())).isNotEqualTo(key);
    }
}
