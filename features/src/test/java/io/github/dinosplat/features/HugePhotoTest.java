package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A photo of 60 megapixels, 180 MB of colours, in tiles: a Java of its own with little memory reads it and extracts its features. */
@Tag("acceptance")
class HugePhotoTest {

    private static final int WIDTH = 9_504;
    private static final int HEIGHT = 6_336;
    /** 256 x 171 patches in 5 x 3 tiles. */
    private static final int LONG_SIDE = 4_096;

    @TempDir
    private Path folder;

    @Test
    void aPhotoOfSixtyMegapixelsNeedsLittleMoreThanItsColours() throws Exception {
        Path photo = folder.resolve("huge.jpg");
        writeTexture(photo);
        String answer = extract(photo, "-Xmx352m");
        assertThat(answer).startsWith("171 x 256 patches");
        System.getLogger(HugePhotoTest.class.getName()).log(System.Logger.Level.INFO, answer);
        // Less than the colours alone: the limit is one.
        assertThat(extract(photo, "-Xmx160m")).contains("OutOfMemoryError");
    }

    private static String extract(Path photo, String memory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        memory,
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Extract.class.getName(),
                        photo.toString())
                .redirectErrorStream(true)
                .start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return answer;
    }

    private static void writeTexture(Path photo) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        int[] coarse = random.ints(99 * 66L, 0, 1 << 24).toArray();
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        int[] row = new int[WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                row[x] = coarse[y / 96 * 99 + x / 96];
            }
            picture.setRGB(0, y, WIDTH, 1, row, 0, WIDTH);
        }
        File file = photo.toFile();
        assertThat(ImageIO.write(picture, "jpg", file)).isTrue();
    }

    /** What the other Java runs. */
    static final class Extract {

        private Extract() {}

        public static void main(String[] args) throws IOException {
            DenseFeatureOptions options = DenseFeatureOptions.defaults().withLongSide(LONG_SIDE);
            try (DenseFeatures features = DenseFeatures.embedded(options)) {
                Image photo = ImageFiles.read(Path.of(args[0]));
                FeatureMap map = features.extract(photo);
                System.out.printf(Locale.ROOT, "%d x %d patches%s%n", map.rows(), map.columns(), mostResident());
            }
        }

        /** The most memory that the process had, native memory included, where the system tells. */
        private static String mostResident() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.isReadable(status)) {
                return "";
            }
            List<String> lines = Files.readAllLines(status);
            return lines.stream()
                    .filter(l -> l.startsWith("VmHWM"))
                    .map(l -> ", " + l.replaceAll("\\s+", " "))
                    .findFirst()
                    .orElse("");
        }
    }
}
