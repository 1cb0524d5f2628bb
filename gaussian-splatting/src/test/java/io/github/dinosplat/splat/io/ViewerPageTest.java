package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PinholeView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewerPageTest {

    private static final String NASTY = "</script><script>alert(\"é\")@splats@";

    @TempDir
    private Path folder;

    private static String page(Gaussians g) throws IOException {
        Rigid3 pose = new Rigid3(new Quaterniond().rotationXYZ(0.2, -0.15, 0.4), new Vector3d(0.3, -0.2, 0.5));
        PinholeView view = new PinholeView(500, 510, 320, 240, 640, 480, pose);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ViewerCamera> cameras = List.of(new ViewerCamera("a.jpg", view), new ViewerCamera(NASTY, view));
        ViewerPage.write(new StoredSplats(g, false), NASTY, cameras, new Vector3d(0, 0, 1), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String element(String page, String id) {
        Matcher element = Pattern.compile("<script[^>]* id=\"" + id + "\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertThat(element.find()).isTrue();
        return element.group(1);
    }

    @Test
    void holdsTheSplatsAsSpz() throws IOException {
        Gaussians g = ManySplats.random(8, 50, 3);
        String page = page(g);
        Path spz = folder.resolve("inside.spz");
        Files.write(spz, Base64.getDecoder().decode(element(page, "splats")));
        Path direct = folder.resolve("direct.spz");
        SplatFiles.write(new StoredSplats(g, false), direct);
        assertThat(spz).hasSameBinaryContentAs(direct);
        assertThat(page(g)).as("the same bytes again").isEqualTo(page);
    }

    @Test
    void holdsTheCamerasWhateverTheirNames() throws IOException {
        String page = page(ManySplats.random(8, 5, 0));
        JsonNode scene = new ObjectMapper().readTree(element(page, "scene"));
        assertThat(scene.at("/cameras/1/name").asText()).isEqualTo(NASTY);
        assertThat(scene.at("/cameras/0/fy").asDouble()).isEqualTo(510);
        assertThat(scene.at("/cameras/0/r")).hasSize(9);
        assertThat(scene.at("/up/2").asInt()).isEqualTo(1);
        assertThat(page).doesNotContain("<script>alert").endsWith("</html>\n");
    }

    /** Offline for good: nothing in the page names an address. */
    @Test
    void asksTheNetworkForNothing() throws IOException {
        assertThat(page(ManySplats.random(8, 5, 1)).replaceFirst("(?s)id=\"splats\">.*?</script>", ""))
                .doesNotContain("http:", "https:", "//cdn", "import(", "src=", "href=", "fetch(", "XMLHttp");
    }
}
