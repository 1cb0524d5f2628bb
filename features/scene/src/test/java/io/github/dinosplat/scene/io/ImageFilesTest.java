package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoHeader;
import io.github.dinosplat.scene.testing.RealData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {

    @TempDir
    Path folder;

    private static Image noise(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) random.nextInt(256);
        }
        return new Image(width, height, rgb);
    }

    private Path write(BufferedImage image, String format) throws IOException {
        Path path = folder.resolve("x." + format);
        assertThat(ImageIO.write(image, format, path.toFile())).isTrue();
        return path;
    }

    @Test
    void pngIsReadBackToTheByteAndWrittenTheSameEveryTime() throws IOException {
        Image image = noise(37, 23);
        Path path = folder.resolve("sub/x.png");
        ImageFiles.writePng(image, path);
        byte[] first = Files.readAllBytes(path);
        ImageFiles.writePng(image, path);
        assertThat(Files.readAllBytes(path)).isEqualTo(first);
        assertThat(ImageFiles.read(path).rgb()).isEqualTo(image.rgb());
        try (var files = Files.list(path.getParent())) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void coloursAreAsTheJdkDecodesThem() throws IOException {
        BufferedImage drawn = new BufferedImage(33, 17, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 33 * 17; i++) {
            drawn.setRGB(i % 33, i / 33, 0x070d03 * i);
        }
        for (String format : new String[] {"png", "jpg"}) {
            Path path = write(drawn, format);
            BufferedImage expected = ImageIO.read(path.toFile());
            Image image = ImageFiles.read(path);
            for (int i = 0; i < 33 * 17; i++) {
                int x = i % 33;
                int y = i / 33;
                int rgb = image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2);
                assertThat(rgb).isEqualTo(expected.getRGB(x, y) & 0xffffff);
            }
        }
    }

    @Test
    void greyStaysTheSameNumberInAllChannels() throws IOException {
        BufferedImage grey = new BufferedImage(256, 2, BufferedImage.TYPE_BYTE_GRAY);
        for (int x = 0; x < 256; x++) {
            grey.getRaster().setSample(x, 0, 0, x);
        }
        for (String format : new String[] {"png", "jpg", "tiff"}) {
            Image image = ImageFiles.read(write(grey, format));
            for (int x = 0; x < 256; x++) {
                int expected = format.equals("jpg") ? image.value(x, 0, 1) : x;
                assertThat(image.value(x, 0, 0)).isEqualTo(expected).isCloseTo(x, within(140));
                assertThat(image.value(x, 0, 2)).isEqualTo(expected);
            }
        }
    }

    @Test
    void alphaPaletteAndSixteenBitsAreRead() throws IOException {
        BufferedImage alpha = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        alpha.setRGB(0, 0, 0x00102030);
        alpha.setRGB(1, 0, 0x80405060);
        Image read = ImageFiles.read(write(alpha, "png"));
        assertThat(read.rgb()).containsExactly(0x10, 0x20, 0x30, 0x40, 0x50, 0x60);
        assertThat(read.alpha()).hasValueSatisfying(a -> assertThat(a).containsExactly(0, 0x80));
        Path copy = folder.resolve("copy.png");
        ImageFiles.writePng(read, copy);
        assertThat(ImageFiles.read(copy).alpha())
                .hasValueSatisfying(a -> assertThat(a).containsExactly(0, 0x80));
        alpha.setRGB(0, 0, 0xff102030);
        alpha.setRGB(1, 0, 0xff405060);
        assertThat(ImageFiles.read(write(alpha, "png")).alpha()).isEmpty();
        BufferedImage palette = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
        palette.setRGB(0, 0, 0xffff0000);
        palette.setRGB(1, 0, 0xff00ff00);
        assertThat(ImageFiles.read(write(palette, "png")).rgb())
                .containsExactly((byte) 255, (byte) 0, (byte) 0, (byte) 0, (byte) 255, (byte) 0);
        BufferedImage deep = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(1, 0, 0, 257 * 100);
        deep.getRaster().setSample(2, 0, 0, 65535);
        Image eight = ImageFiles.read(write(deep, "png"));
        assertThat(new int[] {eight.value(0, 0, 0), eight.value(1, 0, 1), eight.value(2, 0, 2)})
                .containsExactly(0, 100, 255);
    }

    @Test
    void cutJpegIsRefusedEvenWithItsEndMarkerPutBack() throws IOException {
        BufferedImage image = new BufferedImage(200, 150, BufferedImage.TYPE_INT_RGB);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 30000; i++) {
            image.setRGB(i % 200, i / 200, random.nextInt(0x1000000));
        }
        Path path = write(image, "jpg");
        byte[] whole = Files.readAllBytes(path);
        assertThat(ImageFiles.read(path).width()).isEqualTo(200);
        Files.write(path, Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> ImageFiles.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("x.jpg")
                .hasMessageContaining("truncated");
        byte[] patched = Arrays.copyOf(whole, whole.length / 2 + 2);
        patched[patched.length - 2] = (byte) 0xff;
        patched[patched.length - 1] = (byte) 0xd9;
        Files.write(path, patched);
        assertThatThrownBy(() -> ImageFiles.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged")
                .hasMessageNotContaining("decoded");
    }

    @Test
    void damagedPngIsRefused() throws IOException {
        Path path = folder.resolve("x.png");
        ImageFiles.writePng(noise(40, 30), path);
        byte[] whole = Files.readAllBytes(path);
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 0x10;
        Files.write(path, changed);
        assertThatThrownBy(() -> ImageFiles.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("checksum");
        Files.write(path, Arrays.copyOf(whole, whole.length - 5));
        assertThatThrownBy(() -> ImageFiles.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("truncated");
        assertThatThrownBy(() -> ImageFiles.read(folder.resolve("absent.png")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> PhotoHeader.read(folder.resolve("absent.png")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent.png: there is no such file");
        assertThatThrownBy(() -> PhotoHeader.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void randomlyChangedFilesNeverGiveAnythingButAnIoException() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 1200; i++) {
            image.setRGB(i % 40, i / 40, random.nextInt(0x1000000));
        }
        for (String format : new String[] {"jpg", "png", "tiff"}) {
            Path path = write(image, format);
            byte[] whole = Files.readAllBytes(path);
            for (int trial = 0; trial < 200; trial++) {
                byte[] changed = whole.clone();
                changed[random.nextInt(Math.min(300, changed.length))] = (byte) random.nextInt(256);
                Files.write(path, changed);
                try {
                    ImageFiles.read(path);
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining(path.getFileName().toString());
                }
            }
        }
    }

    @Test
    void depthIsReadBackToTheBit() throws IOException {
        float[] depth = new float[31 * 17];
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < depth.length; i++) {
            depth[i] = i % 5 == 0 ? 0 : (float) random.nextDouble(0.1, 1e4);
        }
        Path path = folder.resolve("depth/a.tif");
        ImageFiles.writeDepthTiff(new DepthMap(31, 17, depth, new float[depth.length]), path);
        DepthMap read = ImageFiles.readDepthTiff(path);
        for (int i = 0; i < depth.length; i++) {
            assertThat(read.depth(i % 31, i / 31)).isEqualTo(depth[i]);
            assertThat(read.confidence(i % 31, i / 31)).isEqualTo(depth[i] > 0 ? 1f : 0f);
        }
        assertThatThrownBy(() -> ImageFiles.read(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("float");
        byte[] whole = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(whole, whole.length - 100));
        assertThatThrownBy(() -> ImageFiles.readDepthTiff(path))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a.tif");
    }

    @Test
    void realPhotosAreDecodedInTheStoredGrid() throws IOException {
        Optional<Path> data = RealData.folder("odm-caliterra");
        assumeTrue(data.isPresent(), RealData.absence("odm-caliterra"));
        Image image = ImageFiles.source(data.orElseThrow()).read("images/IMG_9354.jpg");
        assertThat(image.width()).isEqualTo(2000);
        assertThat(image.height()).isEqualTo(1500);
        double sum = 0;
        for (float v : image.luma()) {
            sum += v;
        }
        assertThat(sum / 3e6).isBetween(40.0, 220.0);
        assertThatThrownBy(() -> ImageFiles.source(data.orElseThrow()).read("../README.md"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("outside");
    }

    @Test
    void failedWriteLeavesTheOldFile() throws IOException {
        Path path = folder.resolve("x.txt");
        AtomicFiles.writeText(path, "old");
        assertThatThrownBy(() -> AtomicFiles.write(path, out -> {
                    out.write(new byte[100000]);
                    throw new IOException("disk full");
                }))
                .hasMessage(path + ": disk full");
        assertThat(Files.readString(path)).isEqualTo("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }
}
