package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoFolderTest {

    @TempDir
    Path folder;

    private Path jpeg(String name) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        byte[] rgb = new byte[3 * 64 * 48];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i * 7 + i / 192 * 31);
        }
        try (OutputStream out = Files.newOutputStream(path)) {
            ImageFiles.writeJpeg(new Image(64, 48, rgb), out);
        }
        return path;
    }

    @Test
    void photosComeSortedByNameWithFoldersAndWithoutHiddenOrOtherFiles() throws IOException {
        jpeg("b.jpg");
        jpeg("a/c.JPEG");
        jpeg("._b.jpg");
        jpeg(".thumbnails/d.jpg");
        Files.writeString(folder.resolve("notes.txt"), "nothing");
        PhotoFolder read = PhotoFolder.read(folder);
        assertThat(read.photos()).extracting(Photo::name).containsExactly("a/c.JPEG", "b.jpg");
        assertThat(read.photos()).allMatch(p -> p.width() == 64 && p.height() == 48);
        assertThat(read.photos().get(0).stem()).isEqualTo("a/c");
        assertThat(read.photos().get(0).metadata()).isEqualTo(PhotoMetadata.NONE);
        assertThat(read.skipped()).isEmpty();
    }

    @Test
    void damagedPhotosAreSkippedWithTheReason() throws IOException {
        byte[] whole = Files.readAllBytes(jpeg("good.jpg"));
        Files.write(folder.resolve("cut.jpg"), Arrays.copyOf(whole, whole.length * 2 / 3));
        Files.writeString(folder.resolve("text.png"), "not a picture at all");
        Files.write(folder.resolve("empty.jpg"), new byte[0]);
        Files.write(folder.resolve("phone.heic"), new byte[100]);
        byte[] huge = whole.clone();
        for (int i = 2; i < huge.length; i++) {
            if ((huge[i] & 0xff) == 0xff && (huge[i + 1] & 0xff) == 0xc0) {
                Arrays.fill(huge, i + 5, i + 9, (byte) 0xfe);
                break;
            }
        }
        Files.write(folder.resolve("huge.jpg"), huge);
        PhotoFolder read = PhotoFolder.read(folder);
        assertThat(read.photos()).extracting(Photo::name).containsExactly("good.jpg");
        assertThat(read.skipped())
                .extracting(PhotoFolder.Skipped::name)
                .containsExactly("cut.jpg", "empty.jpg", "huge.jpg", "phone.heic", "text.png");
        assertThat(read.skipped().get(0).reason()).contains("truncated");
        assertThat(read.skipped().get(1).reason()).contains("empty");
        assertThat(read.skipped().get(2).reason()).contains("65278x65278");
        assertThat(read.skipped().get(3).reason()).contains("convert");
        assertThat(read.skipped().get(4).reason()).contains("not a JPEG");
    }

    @Test
    void truncationIsSeenAtEveryLength() throws IOException {
        byte[] whole = Files.readAllBytes(jpeg("good.jpg"));
        Path cut = folder.resolve("cut.jpg");
        for (int length = 3; length < whole.length; length += 7) {
            Files.write(cut, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> PhotoHeader.read(cut)).isInstanceOf(IOException.class);
        }
        Files.write(cut, Arrays.copyOf(whole, whole.length + 1000));
        assertThat(PhotoHeader.read(cut)).isEqualTo(PhotoHeader.read(folder.resolve("good.jpg")));
    }

    @Test
    void namesThatDifferInTheExtensionAloneAreRefused() throws IOException {
        jpeg("a.jpg");
        ImageFiles.writePng(new Image(2, 2, new byte[12]), folder.resolve("a.png"));
        assertThatThrownBy(() -> PhotoFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.jpg")
                .hasMessageContaining("a.png");
    }

    @Test
    void noPhotoAtAllIsAnErrorWithARemedy() throws IOException {
        assertThatThrownBy(() -> PhotoFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no usable photo");
        Files.write(folder.resolve("x.jpg"), new byte[10]);
        assertThatThrownBy(() -> PhotoFolder.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("x.jpg");
        assertThatThrownBy(() -> PhotoFolder.read(folder.resolve("absent")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no such folder");
    }

    @Test
    void linksAreFollowedAndLoopsSurvived() throws IOException {
        jpeg("sub/a.jpg");
        try {
            Files.createSymbolicLink(folder.resolve("sub/loop"), folder);
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here");
        }
        PhotoFolder read = PhotoFolder.read(folder);
        assertThat(read.photos()).extracting(Photo::name).containsExactly("sub/a.jpg");
        assertThat(read.skipped()).extracting(PhotoFolder.Skipped::name).containsExactly("sub/loop");
    }

    private static PhotoFolder real(String set, String sub) throws IOException {
        Optional<Path> data = RealData.folder(set);
        assumeTrue(data.isPresent(), RealData.absence(set));
        return PhotoFolder.read(data.orElseThrow().resolve(sub));
    }

    @Test
    void caliterraHasGpsAndFocalLengthFromTheFocalPlane() throws IOException {
        PhotoFolder read = real("odm-caliterra", "images");
        assertThat(read.photos()).hasSize(75);
        assertThat(read.skipped()).isEmpty();
        Set<String> cameras = new HashSet<>();
        for (Photo photo : read.photos()) {
            PhotoMetadata m = photo.metadata();
            cameras.add(m.cameraKey());
            assertThat(m.focalMm().orElseThrow()).isEqualTo(4.5);
            assertThat(m.focalPixels().orElseThrow()).isCloseTo(1452, within(2.0));
            assertThat(m.orientation()).isEqualTo(1);
            assertThat(m.takenAtMillis()).isPresent();
            GeoPosition p = m.position().orElseThrow();
            assertThat(p.height()).isBetween(310.0, 435.0);
            GeoPosition first = read.photos().get(0).metadata().position().orElseThrow();
            assertThat(Geodesy.enu(p, first).length()).isLessThan(250);
        }
        assertThat(cameras).containsExactly("Canon Canon PowerShot SX260 HS");
    }

    @Test
    void sceauxHasTheThirtyFiveMillimetreEquivalent() throws IOException {
        PhotoFolder read = real("sceaux-castle", "images");
        assertThat(read.photos()).hasSize(11);
        for (Photo photo : read.photos()) {
            assertThat(photo.width()).isEqualTo(2832);
            assertThat(photo.height()).isEqualTo(2128);
            // The set's K.txt says 2905.88, COLMAP found 2971.71.
            assertThat(photo.metadata().focalPixels().orElseThrow()).isBetween(2800.0, 3000.0);
            assertThat(photo.metadata().position()).isEmpty();
        }
    }

    @Test
    void coprHasFocalLengthAndNoGps() throws IOException {
        PhotoFolder read = real("odm-copr", "images");
        assertThat(read.photos()).hasSize(41);
        for (Photo photo : read.photos()) {
            // Canon EOS XSi: 22.2 mm sensor, 30 mm lens: 30 / 22.2 * 1709 = 2309.
            assertThat(photo.metadata().focalPixels().orElseThrow()).isCloseTo(2309, within(40.0));
            assertThat(photo.metadata().position()).isEmpty();
        }
    }

    @Test
    void lundAndBerlinHaveGpsAndFocalLength() throws IOException {
        PhotoFolder lund = real("opensfm-lund", "images");
        assertThat(lund.photos()).hasSize(29);
        for (Photo photo : lund.photos()) {
            assertThat(photo.metadata().focalPixels().orElseThrow()).isBetween(900.0, 1100.0);
            GeoPosition p = photo.metadata().position().orElseThrow();
            assertThat(p.latitudeDeg()).isCloseTo(55.7, within(0.1));
            assertThat(p.longitudeDeg()).isCloseTo(13.2, within(0.1));
        }
        PhotoFolder berlin = real("opensfm-berlin", "images");
        assertThat(berlin.photos()).hasSize(3);
        for (Photo photo : berlin.photos()) {
            assertThat(photo.metadata().focalPixels().orElseThrow()).isBetween(2300.0, 3400.0);
            assertThat(photo.metadata().position().orElseThrow().latitudeDeg()).isCloseTo(52.5, within(0.2));
        }
    }
}
