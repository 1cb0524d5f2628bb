package io.github.dinosplat.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleUnaryOperator;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DepthFusionTest {

    private static final int WIDTH = TwoPlanes.WIDTH / 2;
    private static final int HEIGHT = TwoPlanes.HEIGHT / 2;
    private static final FusionOptions OPTIONS = FusionOptions.defaults().withThreads(2);

    @TempDir
    Path temp;

    /** Exact maps, those of some photos with another depth. */
    private static DepthSource maps(DoubleUnaryOperator factorOfView, float confidence) {
        return view -> {
            int v = TwoPlanes.index(view.name());
            float[] depth = new float[WIDTH * HEIGHT];
            for (int i = 0; i < depth.length; i++) {
                depth[i] = (float)
                        (factorOfView.applyAsDouble(v) * TwoPlanes.depth(v, 2 * (i % WIDTH) + 1, 2 * (i / WIDTH) + 1));
            }
            float[] sure = new float[depth.length];
            Arrays.fill(sure, confidence);
            return Optional.of(new DepthMap(WIDTH, HEIGHT, depth, sure));
        };
    }

    private long fuse(Scene scene, DepthSource maps, FusionOptions options, String name) throws IOException {
        return DepthFusion.write(scene, maps, TwoPlanes.photos(), options, temp.resolve(name), Progress.NONE);
    }

    /** A point of the file, as the head says that it is stored. */
    private record Point(Vector3d position, Vector3d normal, int red, int green) {

        /** How far from the nearer of the two planes, relative to the depth. */
        double error() {
            double wall = Math.abs(position.z - 10 - 0.4 * position.x) / Math.sqrt(1.16);
            boolean near = Math.abs(position.x) < 1.02 && Math.abs(position.y) < 1.02;
            return Math.min(wall, near ? Math.abs(position.z - 6) : wall) / position.z;
        }

        boolean isBoard() {
            return position.z < 8;
        }
    }

    private Point[] points(String name) throws IOException {
        byte[] file = Files.readAllBytes(temp.resolve(name));
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int head = text.indexOf("end_header\n") + 11;
        assertThat(text.substring(0, head))
                .startsWith("ply\nformat binary_little_endian 1.0\n")
                .containsSubsequence("float x", "float y", "float z", "float nx", "float ny", "float nz")
                .containsSubsequence("uchar red", "uchar green", "uchar blue");
        int count = Integer.parseInt(text.substring(text.indexOf("vertex ") + 7, text.indexOf("\nproperty")));
        assertThat(file).hasSize(head + 27 * count);
        ByteBuffer rows = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).position(head);
        Point[] points = new Point[count];
        for (int i = 0; i < count; i++) {
            Vector3d position = new Vector3d(rows.getFloat(), rows.getFloat(), rows.getFloat());
            Vector3d normal = new Vector3d(rows.getFloat(), rows.getFloat(), rows.getFloat());
            points[i] = new Point(position, normal, rows.get() & 0xff, rows.get() & 0xff);
            rows.get();
        }
        return points;
    }

    private static double share(Point[] points, java.util.function.Predicate<Point> good) {
        return Arrays.stream(points).filter(good).count() / (double) points.length;
    }

    @Test
    void exactMapsBecomeTheTwoPlanesWithTheirNormalsAndColoursOnce() throws IOException {
        Scene scene = TwoPlanes.scene(5, 800, 1);
        long count = fuse(scene, maps(v -> 1, 1), OPTIONS, "dense.ply");
        Point[] points = points("dense.ply");
        assertThat(points).hasSize((int) count);
        // More than one photo's pixels, because five see more than one does; far fewer than all of their pixels.
        assertThat(count).isBetween((long) WIDTH * HEIGHT, 2L * WIDTH * HEIGHT);
        // Only mixed pixels at the board's outline can be off.
        assertThat(share(points, p -> p.error() < 0.002)).isGreaterThan(0.98);
        Vector3d wall = new Vector3d(0.4, 0, -1).normalize();
        Vector3d board = new Vector3d(0, 0, -1);
        assertThat(share(points, p -> p.normal.dot(p.isBoard() ? board : wall) > 0.999))
                .isGreaterThan(0.97);
        assertThat(share(points, p -> p.isBoard() == p.red > p.green)).isGreaterThan(0.97);
        try (var files = Files.list(temp)) {
            assertThat(files).as("nothing else is left").hasSize(1);
        }
    }

    @Test
    void mapsThatContradictEachOtherOrAreUnsureGiveNoPoints() throws IOException {
        Scene scene = TwoPlanes.scene(5, 800, 2);
        assertThat(fuse(scene, maps(v -> 1 + 0.05 * v, 1), OPTIONS, "apart.ply"))
                .isZero();
        assertThat(points("apart.ply")).isEmpty();
        assertThat(fuse(scene, maps(v -> 1, 0.4f), OPTIONS, "unsure.ply")).isZero();
        assertThat(fuse(TwoPlanes.scene(2, 800, 2), maps(v -> 1, 1), OPTIONS, "two.ply"))
                .isZero();
        // A photo without a map is no witness: of three, two are left.
        DepthSource one = maps(v -> 1, 1);
        assertThat(fuse(
                        TwoPlanes.scene(3, 800, 2),
                        v -> TwoPlanes.index(v.name()) == 1 ? Optional.empty() : one.read(v),
                        OPTIONS,
                        "gap.ply"))
                .isZero();
    }

    @Test
    void aMapThatIsWrongIsOutvoted() throws IOException {
        Scene scene = TwoPlanes.scene(5, 800, 3);
        assertThat(fuse(scene, maps(v -> v == 2 ? 0.9 : 1, 1), OPTIONS, "dense.ply"))
                .isGreaterThan(WIDTH * HEIGHT / 2);
        assertThat(share(points("dense.ply"), p -> p.error() < 0.005)).isGreaterThan(0.98);
        // Even where no other has to agree: more photos look through its depths than agree with them.
        FusionOptions alone = new FusionOptions(1, 0.01, 0.5, 2);
        fuse(scene, maps(v -> v == 2 ? 0.9 : 1, 1), alone, "one.ply");
        assertThat(share(points("one.ply"), p -> p.error() < 0.005)).isGreaterThan(0.9);
    }

    @Test
    void estimatedMapsGiveACloudNearTheTruthWhateverTheThreads() throws IOException {
        Scene scene = TwoPlanes.scene(5, 1500, 4);
        Map<String, DepthMap> maps = new HashMap<>();
        DepthPrior.estimate(
                scene,
                TwoPlanes.photos(),
                DenseFeatures.handCrafted(),
                new DepthOptions(160, 20, 2, 0),
                (view, map) -> maps.put(view.name(), map),
                Progress.NONE);
        DepthSource source = view -> Optional.ofNullable(maps.get(view.name()));
        fuse(scene, source, OPTIONS.withThreads(1), "one.ply");
        fuse(scene, source, OPTIONS.withThreads(3), "three.ply");
        assertThat(temp.resolve("three.ply")).hasSameBinaryContentAs(temp.resolve("one.ply"));
        Point[] points = points("one.ply");
        assertThat(points).hasSizeGreaterThan(WIDTH * HEIGHT / 2);
        // Most of what is wrong lies at the board's outline, which is long in so small a picture; fusion takes most of
        // it out.
        double wrong = share(points, p -> p.error() > 0.01);
        assertThat(wrong).isLessThan(0.08).isLessThan(0.7 * wrongPixels(maps));
    }

    private static double wrongPixels(Map<String, DepthMap> maps) {
        int wrong = 0;
        for (Map.Entry<String, DepthMap> entry : maps.entrySet()) {
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                double truth =
                        TwoPlanes.depth(TwoPlanes.index(entry.getKey()), 2 * (i % WIDTH) + 1, 2 * (i / WIDTH) + 1);
                wrong += Math.abs(entry.getValue().depth(i % WIDTH, i / WIDTH) - truth) > 0.01 * truth ? 1 : 0;
            }
        }
        return wrong / (double) (maps.size() * WIDTH * HEIGHT);
    }

    @Test
    void itStopsOnRequestAndLeavesNoFileWhenItFails() throws IOException {
        Scene scene = TwoPlanes.scene(3, 300, 5);
        Progress stop = new Progress() {
            @Override
            public void update(String stage, long done, long total, String detail) {}

            @Override
            public boolean isCancelled() {
                return true;
            }
        };
        Path file = temp.resolve("dense.ply");
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> DepthFusion.write(scene, maps(v -> 1, 1), TwoPlanes.photos(), OPTIONS, file, stop));
        assertThatIOException()
                .isThrownBy(() -> DepthFusion.write(
                        scene, DepthFusionTest::unreadable, TwoPlanes.photos(), OPTIONS, file, Progress.NONE))
                .withMessageContaining("cannot read photo");
        try (var files = Files.list(temp)) {
            assertThat(files).isEmpty();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new FusionOptions(0, 0.01, 0.5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FusionOptions(3, Double.NaN, 0.5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new FusionOptions(3, 0.01, 1.5, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withThreads(0));
    }

    private static Optional<DepthMap> unreadable(View view) throws IOException {
        throw new IOException("cannot read " + view.name());
    }
}
