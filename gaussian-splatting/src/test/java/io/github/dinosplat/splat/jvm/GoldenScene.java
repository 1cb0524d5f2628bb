package io.github.dinosplat.splat.jvm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.joml.Vector3d;

/** A scene of the splatting goldens: inputs, renders and gradients in double. */
final class GoldenScene {

    private final Path folder;
    private final int width;
    private final int height;
    private final boolean perspective;

    /** Whether opacity makes up for the low-pass. */
    final boolean mip;

    /** Arrays without a camera. */
    GoldenScene(Path folder, int width, int height) {
        this.folder = folder;
        this.width = width;
        this.height = height;
        this.perspective = true;
        this.mip = false;
    }

    /** A scene, as its manifest describes it. */
    GoldenScene(Path folder) {
        this.folder = folder;
        try {
            JsonNode manifest =
                    new ObjectMapper().readTree(folder.resolve("manifest.json").toFile());
            this.width = manifest.get("width").asInt();
            this.height = manifest.get("height").asInt();
            this.mip = manifest.get("mip").asBoolean();
            this.perspective = manifest.get("camera").asText().equals("pinhole");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double[] read(String name) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".f64")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[bytes.remaining() / 8];
            bytes.asDoubleBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    float[] floats(String name) {
        double[] values = read(name);
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    Gaussians gaussians() {
        return new Gaussians(
                        3,
                        floats("means"),
                        floats("log_scales"),
                        floats("quats_wxyz"),
                        floats("logit_opacities"),
                        floats("sh"))
                .withFeatures(8, floats("features"));
    }

    SplatView view() {
        double[] k = read("K");
        double[] m = read("viewmat");
        double[] rotation = {m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]};
        Rigid3 camFromWorld = Rigid3.of(rotation, new Vector3d(m[3], m[7], m[11]));
        return perspective
                ? new PinholeView(k[0], k[4], k[2], k[5], width, height, camFromWorld)
                : new OrthographicView(k[0], k[4], k[2], k[5], width, height, camFromWorld);
    }

    Colour background() {
        float[] b = floats("background");
        return new Colour(b[0], b[1], b[2]);
    }

    RenderOptions options() {
        return new RenderOptions(3, background(), mip, true);
    }

    /** The oracle on these inputs. */
    ReferenceSplatting reference() {
        ReferenceSplatting reference = new ReferenceSplatting(
                read("means"),
                read("log_scales"),
                read("quats_wxyz"),
                read("logit_opacities"),
                read("sh"),
                view(),
                read("background"));
        reference.features = read("features");
        reference.channels = 8;
        reference.mip = mip;
        return reference;
    }

    int pixels() {
        return width * height;
    }
}
