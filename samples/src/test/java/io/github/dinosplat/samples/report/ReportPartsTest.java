package io.github.dinosplat.samples.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ReportPartsTest {

    private static Element xml(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    @Test
    void textIsEscaped() {
        assertThat(new Html().format("<b>%s</b>", "<script>\"&").toString())
                .isEqualTo("<b>&lt;script&gt;&quot;&amp;</b>");
    }

    @Test
    void aMatchMatrixHasTwoCellsForEachPairAndNamesThem() throws Exception {
        String svg = MatchMatrix.svg(
                List.of("a.jpg", "b&c.jpg", "d.jpg"),
                List.of(new MatchMatrix.Pair(0, 1, 100), new MatchMatrix.Pair(1, 2, 25)));
        Element root = xml(svg);
        assertThat(root.getElementsByTagName("rect").getLength()).isEqualTo(1 + 4);
        assertThat(root.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("a.jpg – b&c.jpg: 100");
    }

    /** The bar is as long as its label says: the drawing is 1000 wide, and the cameras are 928 of it apart. */
    @Test
    void theViewFromAboveHasAScaleBarOfARoundLength() throws Exception {
        Camera camera = new Camera(CameraModel.PINHOLE, 64, 48, 50, 50, 32, 24);
        List<View> views = Stream.of(0, 46.4)
                .map(x -> new View(
                        "at " + x + ".jpg",
                        0,
                        new Rigid3(new Quaterniond(), new Vector3d(-x.doubleValue(), 0, 0)),
                        new double[0],
                        new int[0]))
                .toList();
        Scene scene = new Scene(List.of(camera), views, ScenePoints.NONE);
        String svg = new TopView(scene, new Vector3d(0, 0, 1), new Vector3d(0, 1, 0)).svg(Set.of(), "m");
        Element root = xml(svg);
        assertThat(root.getElementsByTagName("text").item(0).getTextContent()).isEqualTo("10 m");
        assertThat(svg).contains("h200.0v-8");
    }

    @Test
    void chartsHoldUpWithFewOrEqualPoints() throws Exception {
        xml(new LineChart("iteration", "loss")
                .line("loss", new double[] {5}, new double[] {0.3})
                .svg());
        xml(new LineChart("iteration", "loss")
                .line("loss", new double[] {1, 2, 3}, new double[] {0.3, 0.3, 0.3})
                .svg());
        assertThat(LineChart.ticks(0, 3000)).containsExactly(0, 500, 1000, 1500, 2000, 2500, 3000);
    }

    @Test
    void ticksOfAChartAreToldApart() {
        assertThat(labels(24.13, 24.31)).containsExactly("24.15", "24.20", "24.25", "24.30");
        assertThat(labels(1000.1, 1001.2))
                .containsExactly("1,000.2", "1,000.4", "1,000.6", "1,000.8", "1,001.0", "1,001.2");
        assertThat(labels(0, 3000)).startsWith("0", "500", "1,000").hasSize(7);
        assertThat(labels(-0.02, 0.02)).containsExactly("-0.02", "-0.01", "0.00", "0.01", "0.02");
        for (double span = 1e-4; span < 1e5; span *= 1.3) {
            assertThat(labels(24.1, 24.1 + span)).doesNotHaveDuplicates();
        }
        String chart = new LineChart("iteration", "PSNR")
                .line("PSNR", new double[] {0, 100}, new double[] {24.13, 24.31})
                .svg();
        assertThat(chart).contains(">24.15<", ">24.20<", ">24.25<");
    }

    private static List<String> labels(double low, double high) {
        double[] ticks = LineChart.ticks(low, high);
        return Arrays.stream(ticks)
                .mapToObj(tick -> LineChart.label(tick, ticks[1] - ticks[0]))
                .toList();
    }

    /** The stored corner pixel that must be shown at the top left for each EXIF orientation. */
    @Test
    void picturesAreTurnedAsExifSays() {
        // Stored: red at top left, green top right, blue bottom left; 2 wide, 3 high.
        byte[] rgb = new byte[18];
        rgb[0] = (byte) 255;
        rgb[3 + 1] = (byte) 255;
        rgb[3 * 4 + 2] = (byte) 255;
        Image stored = new Image(2, 3, rgb);
        String[] topLeft = {"red", "green", "none", "blue", "red", "blue", "none", "green"};
        for (int orientation = 1; orientation <= 8; orientation++) {
            PhotoMetadata metadata = new PhotoMetadata(
                    "",
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    orientation,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            Photo photo = new Photo("a.jpg", Path.of("a.jpg"), 2, 3, metadata);
            Image shown = new Pictures.Upright(List.of(photo)).turn(stored, "a.jpg");
            assertThat(shown.width()).isEqualTo(orientation >= 5 ? 3 : 2);
            String corner = shown.value(0, 0, 0) > 0
                    ? "red"
                    : shown.value(0, 0, 1) > 0 ? "green" : shown.value(0, 0, 2) > 0 ? "blue" : "none";
            assertThat(corner).as("orientation " + orientation).isEqualTo(topLeft[orientation - 1]);
        }
    }
}
