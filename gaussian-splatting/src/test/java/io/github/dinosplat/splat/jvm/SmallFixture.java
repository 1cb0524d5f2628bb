package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Five Gaussians with what the oracle made of them on the day that it agreed with the independent implementation, so that
 * oracle and engine cannot drift away together. One line for each array in {@code small-fixture.txt}: its name and its
 * values. {@link #main} writes the file anew.
 */
final class SmallFixture {

    static final int WIDTH = 20;
    static final int HEIGHT = 14;
    private static final int COUNT = 5;
    private static final int CHANNELS = 2;

    private final Map<String, double[]> arrays;

    private SmallFixture(Map<String, double[]> arrays) {
        this.arrays = arrays;
    }

    static SmallFixture read() throws IOException {
        Map<String, double[]> arrays = new LinkedHashMap<>();
        try (InputStream in = SmallFixture.class.getResourceAsStream("small-fixture.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.split("\n")) {
                String[] words = line.split(" ");
                arrays.put(
                        words[0],
                        Arrays.stream(words)
                                .skip(1)
                                .mapToDouble(Double::parseDouble)
                                .toArray());
            }
        }
        return new SmallFixture(arrays);
    }

    double[] get(String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    Gaussians gaussians() {
        return new Gaussians(
                        3, floats("means"), floats("logScales"), floats("quaternions"), floats("logits"), floats("sh"))
                .withFeatures(CHANNELS, floats("features"));
    }

    private float[] floats(String name) {
        double[] values = get(name);
        float[] result = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }

    static SplatView view(String kind) {
        Rigid3 pose = new Rigid3(new Quaterniond(0.9, 0.1, -0.2, 0.3), new Vector3d(0.2, -0.1, 0.3));
        return kind.equals("pinhole")
                ? new PinholeView(18, 17, 9.5, 7.5, WIDTH, HEIGHT, pose)
                : new OrthographicView(6, 5.5, 9.5, 7.5, WIDTH, HEIGHT, pose);
    }

    static RenderOptions options() {
        return new RenderOptions(3, new Colour(0.25f, 0.5f, 0.125f), true, true);
    }

    /** Weights of the loss that need no file: small whole numbers. */
    static double[] weights(int count, int salt) {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (i * 31 + salt * 17) % 13 - 6;
        }
        return weights;
    }

    /** The oracle on these inputs, after both passes. */
    ReferenceSplatting reference(String kind) {
        ReferenceSplatting reference = ReferenceSplatting.of(gaussians(), view(kind), options());
        int pixels = WIDTH * HEIGHT;
        reference.forward();
        reference.backward(
                weights(3 * pixels, 1), weights(pixels, 2), weights(pixels, 3), weights(CHANNELS * pixels, 4));
        return reference;
    }

    /** What the file holds of the results, by name. */
    static Map<String, double[]> results(ReferenceSplatting reference) {
        Map<String, double[]> results = new LinkedHashMap<>();
        int row = HEIGHT / 2 * WIDTH;
        results.put("rgb", Arrays.copyOfRange(reference.rgb, 3 * row, 3 * (row + WIDTH)));
        results.put("depth", Arrays.copyOfRange(reference.depth, row, row + WIDTH));
        results.put("alpha", Arrays.copyOfRange(reference.alpha, row, row + WIDTH));
        results.put("features", Arrays.copyOfRange(reference.featureImage, CHANNELS * row, CHANNELS * (row + WIDTH)));
        results.put("meansGradient", reference.meansGradient);
        results.put("logScalesGradient", reference.logScalesGradient);
        results.put("quaternionsGradient", reference.quaternionsGradient);
        results.put("logitsGradient", reference.logitsGradient);
        results.put("shGradient", reference.shGradient);
        results.put("featuresGradient", reference.featuresGradient);
        results.put("poseGradient", reference.poseGradient());
        return results;
    }

    /** Argument: where to write the file. */
    public static void main(String[] args) throws IOException {
        PinholeView view = (PinholeView) view("pinhole");
        Gaussians g = RandomScene.withFeatures(RandomScene.gaussians(12, COUNT, view, 2), CHANNELS, 12);
        Map<String, double[]> arrays = new LinkedHashMap<>();
        arrays.put("means", doubles(g.means()));
        arrays.put("logScales", doubles(g.logScales()));
        arrays.put("quaternions", doubles(g.quaternions()));
        arrays.put("logits", doubles(g.logitOpacities()));
        arrays.put("sh", doubles(g.sh()));
        arrays.put("features", doubles(g.features()));
        SmallFixture inputs = new SmallFixture(arrays);
        Map<String, double[]> all = new LinkedHashMap<>(arrays);
        for (String kind : new String[] {"pinhole", "parallel"}) {
            results(inputs.reference(kind)).forEach((name, values) -> all.put(kind + "." + name, values));
        }
        String text = all.entrySet().stream()
                .map(e -> e.getKey() + " "
                        + Arrays.stream(e.getValue()).mapToObj(Double::toString).collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
        Files.writeString(Path.of(args[0]), text);
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }
}
