package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The viewer in a real browser shows what the engine renders, from every camera, and asks the network for nothing. */
@Tag("acceptance")
class ViewerInBrowserTest {

    private static final int WIDTH = 500;
    private static final int HEIGHT = 360;

    @TempDir
    private Path folder;

    private static PinholeView view(double x, double turn) {
        Quaterniond rotation = new Quaterniond().rotationXYZ(0.1, turn, 0.2);
        return new PinholeView(420, 430, 240, 190, WIDTH, HEIGHT, new Rigid3(rotation, new Vector3d(x, 0.3, 9)));
    }

    private static Image rendered(StoredSplats splats, PinholeView view) {
        try (JvmEngine engine = new JvmEngine(2)) {
            engine.load(TrainingState.start(splats.gaussians().copy()));
            return engine.render(view, splats.renderOptions()).image();
        }
    }

    /** 56 to 58 dB were seen, 28 to 29 without the dimming or with it where it does not belong. */
    @Test
    void showsWhatTheEngineRenders() throws Exception {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no Chromium on the path");
        List<ViewerCamera> cameras = List.of(
                new ViewerCamera("a b/left.jpg", view(-0.5, 0.3)), new ViewerCamera("right.jpg", view(0.5, -0.4)));
        Files.createDirectories(folder.resolve("profile"));
        try (Browser browser = new Browser(program.get(), folder.resolve("profile"))) {
            for (int degree = 0; degree <= 3; degree++) {
                Gaussians g = ManySplats.random(degree, 5_000, degree);
                for (int i = 0; i < g.logScales().length; i += 2) {
                    g.logScales()[i] -= 2; // so that many are smaller than a pixel
                }
                for (boolean mip : new boolean[] {false, true}) {
                    Path page = folder.resolve("viewer.html");
                    try (OutputStream out = Files.newOutputStream(page)) {
                        ViewerPage.write(new StoredSplats(g, mip), "test", cameras, new Vector3d(0, -1, 0), out);
                    }
                    Path spz = folder.resolve("same.spz");
                    SplatFiles.write(new StoredSplats(g, mip), spz);
                    Image left = shown(browser, page, "a%20b/left.jpg");
                    Image right = shown(browser, page, "right.jpg");
                    StoredSplats stored = SplatFiles.read(spz);
                    Image expected = rendered(stored, cameras.get(0).view());
                    assertThat(Metrics.psnr(left, expected)).isGreaterThan(50);
                    assertThat(Metrics.psnr(
                                    right, rendered(stored, cameras.get(1).view())))
                            .isGreaterThan(50);
                    assertThat(Metrics.psnr(right, expected))
                            .as("another camera")
                            .isLessThan(25);
                    Image otherwise = rendered(
                            new StoredSplats(stored.gaussians(), !mip),
                            cameras.get(0).view());
                    assertThat(Metrics.psnr(left, otherwise))
                            .as("dimmed the other way")
                            .isLessThan(35);
                }
            }
            for (JsonNode event : browser.events()) {
                assertThat(event.path("method").asText())
                        .as(event.toString())
                        .isNotIn("Runtime.exceptionThrown", "Log.entryAdded");
                String address = event.at("/params/request/url").asText("");
                assertThat(address).matches("|about:.*|file:.*|blob:.*|data:.*");
            }
        }
    }

    private Image shown(Browser browser, Path page, String camera) throws Exception {
        URI address = URI.create(page.toUri() + "#camera=" + camera + "&ui=off");
        Path png = folder.resolve("shown.png");
        Files.write(png, browser.png(address, WIDTH, HEIGHT));
        return ImageFiles.read(png);
    }
}
