package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.io.Intrinsics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SharedCamerasTest {

    private static Photo photo(String name, int width, int height, String camera, double focalMm) {
        PhotoMetadata metadata = camera.isEmpty()
                ? PhotoMetadata.NONE
                : new PhotoMetadata(
                        camera,
                        OptionalDouble.of(focalMm),
                        OptionalDouble.of(100 * focalMm),
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return new Photo(name, Path.of(name), width, height, metadata);
    }

    private static final List<Photo> PHOTOS = List.of(
            photo("a/1.jpg", 1000, 750, "", 0),
            photo("a/2.jpg", 750, 1000, "", 0),
            photo("b/3.jpg", 1000, 750, "", 0),
            photo("b/4.jpg", 1000, 750, "X", 8),
            photo("b/5.jpg", 1000, 750, "X", 8),
            photo("b/6.jpg", 1000, 750, "X", 9));

    private static List<Integer> shared(CameraSharing sharing) {
        SfmOptions options = SfmOptions.defaults().withCameras(CameraModel.OPENCV, sharing);
        return SharedCameras.of(PHOTOS, options).cameraOf();
    }

    @Test
    void photosShareAsAsked() {
        assertThat(shared(CameraSharing.AUTO)).containsExactly(0, 1, 0, 2, 2, 3);
        assertThat(shared(CameraSharing.SINGLE)).containsExactly(0, 1, 0, 0, 0, 0);
        assertThat(shared(CameraSharing.FOLDER)).containsExactly(0, 1, 2, 2, 2, 2);
        assertThat(shared(CameraSharing.PHOTO)).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void unknownFocalLengthsComeFromExifOrAreGuesses() {
        SharedCameras cameras = SharedCameras.of(PHOTOS, SfmOptions.defaults());
        assertThat(cameras.cameras().get(0).focalGuessed()).isTrue();
        assertThat(cameras.cameras().get(0).camera().fx()).isEqualTo(1200);
        assertThat(cameras.forMatching().get(0)).isEmpty();
        assertThat(cameras.cameras().get(2).focalGuessed()).isFalse();
        assertThat(cameras.cameras().get(2).camera().fx()).isEqualTo(800);
        assertThat(cameras.forMatching().get(3)).isPresent();
    }

    @Test
    void knownIntrinsicsAreKeptUnlessAskedOtherwise() throws IOException {
        Intrinsics known = Intrinsics.parse("900,901,500,375");
        List<Photo> photos = List.of(PHOTOS.get(0), PHOTOS.get(3));
        SharedCameras kept = SharedCameras.of(photos, SfmOptions.defaults().withIntrinsics(known, false));
        assertThat(kept.cameras()).allMatch(c -> !c.refined() && c.camera().fy() == 901);
        SharedCameras refined = SharedCameras.of(photos, SfmOptions.defaults().withIntrinsics(known, true));
        assertThat(refined.cameras()).allMatch(c -> c.refined());
    }
}
