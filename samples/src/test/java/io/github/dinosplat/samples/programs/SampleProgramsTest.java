package io.github.dinosplat.samples.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.io.PlyFiles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short programs do what they say. */
class SampleProgramsTest {

    /** Eight aerial photos that lie in the repository. */
    private static final Path PHOTOS = Path.of("../src/test/resources/caliterra-640");

    @TempDir
    private Path temp;

    @Test
    void photosBecomeSplatsAndTheSplatsAPicture() throws Exception {
        Path out = temp.resolve("out");
        String printed = printedBy(() -> PhotosToSplats.main(new String[] {PHOTOS.toString(), out.toString(), "30"}));
        assertThat(printed).contains("8 photos, held-out PSNR");
        Path model = out.resolve("sparse/0");
        View view = ColmapModel.read(model).views().get(3);
        Path picture = temp.resolve("picture.png");
        RenderSplats.main(
                new String[] {out.resolve("splats.ply").toString(), model.toString(), view.name(), picture.toString()});
        Image rendered = ImageFiles.read(picture);
        Image photo = ImageFiles.read(PHOTOS.resolve(view.name())).resized(rendered.width(), rendered.height());
        Image another = ImageFiles.read(PHOTOS.resolve("IMG_9399.jpg")).resized(rendered.width(), rendered.height());
        assertThat(Metrics.psnr(rendered, photo)).isGreaterThan(18).isGreaterThan(Metrics.psnr(rendered, another) + 1);
    }

    @Test
    void aPhotoHasFeatures() throws Exception {
        String photo = PHOTOS.resolve("IMG_9390.jpg").toString();
        String printed = printedBy(() -> FeaturesOfAPhoto.main(new String[] {photo, temp.toString()}));
        assertThat(printed).matches("(?s)\\d+ x \\d+ patches, \\d+ channels\\s+");
        assertThat(Files.size(temp.resolve("features.npy"))).isGreaterThan(10_000);
        assertThat(ImageFiles.read(temp.resolve("features.png")).width()).isGreaterThan(20);
    }

    @Test
    void neighbouringPhotosMatch() throws Exception {
        String a = PHOTOS.resolve("IMG_9390.jpg").toString();
        String b = PHOTOS.resolve("IMG_9391.jpg").toString();
        assertThat(printedBy(() -> MatchTwoPhotos.main(new String[] {a, b})).lines())
                .hasSizeGreaterThan(100)
                .allMatch(line -> line.matches("[\\d.]+ [\\d.]+  [\\d.]+ [\\d.]+"));
    }

    @Test
    void anOrthophotoHasNorthAboveAndEastOnTheRight() throws Exception {
        // Red in the north-east, green in the south-west, blue below the red one, and a sky above all.
        Gaussians g = Gaussians.zeros(4, 0);
        float[] means = {9, 19, 5, 0, 0, 5, 9, 19, 0, 5, 10, 40};
        System.arraycopy(means, 0, g.means(), 0, 12);
        for (int i = 0; i < 4; i++) {
            for (int k = 0; k < 3; k++) {
                g.logScales()[3 * i + k] = (float) Math.log(i == 3 ? 20 : 0.5);
                g.sh()[48 * i + k] = i == k || i == 3 ? 1.7f : -1.7f;
            }
            g.quaternions()[4 * i] = 1;
            g.logitOpacities()[i] = 6;
        }
        Path splats = temp.resolve("splats.ply");
        PlyFiles.write(g, splats);
        Path model = temp.resolve("sparse/0");
        ScenePoints points = new ScenePoints(new double[] {0, 0, 0, 9, 19, 5}, new byte[6], new double[2]);
        View view = new View("a.jpg", 0, Rigid3.IDENTITY, new double[4], new int[] {0, 1});
        Camera camera = new Camera(CameraModel.SIMPLE_PINHOLE, 80, 60, 80, 40, 30);
        ColmapModel.write(new Scene(List.of(camera), List.of(view), points), model);
        Path picture = temp.resolve("ortho.png");
        Orthophoto.main(new String[] {splats.toString(), model.toString(), "0.1", picture.toString()});
        Image ortho = ImageFiles.read(picture);
        // The points' extent and a tenth more on each side.
        assertThat(new int[] {ortho.width(), ortho.height()}).containsExactly(108, 228);
        assertThat(colour(ortho, 99, 19)).containsExactly(true, false, false);
        assertThat(colour(ortho, 9, 209)).containsExactly(false, true, false);
        assertThat(colour(ortho, 9, 19)).containsExactly(false, false, false);
        // The red one stands at 9 metres east, 19 north: in the pixel that the world file takes there.
        double[] world = Files.readAllLines(temp.resolve("ortho.pgw")).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(world[4] + 99 * world[0]).isCloseTo(9, within(0.06));
        assertThat(world[5] + 19 * world[3]).isCloseTo(19, within(0.06));
    }

    private static boolean[] colour(Image picture, int x, int y) {
        return new boolean[] {picture.value(x, y, 0) > 128, picture.value(x, y, 1) > 128, picture.value(x, y, 2) > 128};
    }

    private interface Program {
        void run() throws Exception;
    }

    private static String printedBy(Program program) throws Exception {
        PrintStream console = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            program.run();
        } finally {
            System.setOut(console);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
