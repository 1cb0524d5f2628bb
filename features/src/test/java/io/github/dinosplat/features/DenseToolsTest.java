package io.github.dinosplat.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenseToolsTest {

    @TempDir
    Path folder;

    /** Against the definition of the triangle filter, in double precision, without strips or separation. */
    @ParameterizedTest
    @CsvSource({"64,48", "30,20", "100,9", "7,90"})
    void resamplingIsTheTriangleFilters(int width, int height) {
        Image photo = noise(61, 47, 1);
        ResampledPhoto picture = new ResampledPhoto(photo, width, height, new PixelNormalisation(0, 0, 0, 1, 1, 1));
        float[] window = new float[3 * 5 * 4];
        for (int left : new int[] {-3, 0, width - 3}) {
            for (int top : new int[] {-2, 1, height - 2}) {
                picture.window(left, top, 5, 4, window);
                for (int i = 0; i < window.length; i++) {
                    int x = NetworkPicture.mirrored(left + i % 5, width);
                    int y = NetworkPicture.mirrored(top + i / 5 % 4, height);
                    assertThat((double) window[i])
                            .isCloseTo(triangle(photo, x, width, y, height, i / 20), offset(1e-6));
                }
            }
        }
    }

    private static double triangle(Image photo, int x, int width, int y, int height, int channel) {
        double sum = 0;
        double weights = 0;
        for (int v = 0; v < photo.height(); v++) {
            for (int u = 0; u < photo.width(); u++) {
                double w = tent(u, x, photo.width(), width) * tent(v, y, photo.height(), height);
                sum += w * photo.value(u, v, channel) / 255;
                weights += w;
            }
        }
        return sum / weights;
    }

    private static double tent(int from, int to, int fromSize, int toSize) {
        double scale = (double) fromSize / toSize;
        double reach = Math.max(1, scale);
        return Math.max(0, 1 - Math.abs(from + 0.5 - (to + 0.5) * scale) / reach);
    }

    @ParameterizedTest
    @CsvSource({"10,10,2", "11,10,2", "37,10,2", "5,14,2", "100,3,2", "9,2,2", "64,64,0", "1,4,1"})
    void tilesCoverEveryPatchAndHalosDoNotCount(int cells, int tile, int halo) {
        TilePlan plan = TilePlan.of(cells, tile, halo);
        float[] sums = new float[cells];
        for (int t = 0; t < plan.starts().length; t++) {
            int start = plan.starts()[t];
            assertThat(start).isBetween(0, Math.max(0, cells - tile));
            for (int p = 0; p < tile && start + p < cells; p++) {
                float weight = plan.weight(t, p);
                sums[start + p] += weight;
                boolean seam = (p < plan.halo() && start > 0) || (p >= tile - plan.halo() && start + tile < cells);
                assertThat(weight > 0).isEqualTo(!seam);
            }
        }
        for (float sum : sums) {
            assertThat(sum).isPositive();
        }
    }

    @Test
    void upsamplingFollowsTheEdgesOfThePicture() {
        // Features change at column 16 of 32, between patches 1 and 2 of 4; the picture's edge is at column 19.
        int size = 32;
        byte[] rgb = new byte[3 * size * size];
        for (int i = 0; i < size * size; i++) {
            Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) (i % size < 19 ? 40 : 200));
        }
        FeatureMap map =
                new FeatureMap(4, 4, 1, size, size, new float[] {0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1});
        FeatureMap pixels = FeatureUpsampling.toPixels(map, new Image(size, size, rgb));
        assertThat(pixels.columns()).isEqualTo(size);
        assertThat(pixels.value(16, 18, 0)).isLessThan(0.25f);
        assertThat(pixels.value(16, 20, 0)).isGreaterThan(0.75f);
        // Without an edge to follow, the change is where the patches have it, and soft.
        FeatureMap flat = FeatureUpsampling.toPixels(map, new Image(size, size, new byte[3 * size * size]));
        assertThat(flat.value(16, 15, 0)).isBetween(0.3f, 0.5f);
        assertThat(flat.value(16, 20, 0)).isBetween(0.6f, 0.95f);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FeatureUpsampling.toPixels(
                        new FeatureMap(1, 1, 1 << 20, 1, 1, new float[1 << 20]), noise(64, 64, 1)))
                .withMessageContaining("too large");
    }

    @Test
    void halfFloatsRoundAsTheStandardSays() {
        assertThat(HalfFloats.toFloat(HalfFloats.toHalf(1.0009765f))).isEqualTo(1.0009766f);
        assertThat(HalfFloats.toFloat(HalfFloats.toHalf(1 + 0x1p-11f)))
                .as("ties to even")
                .isEqualTo(1);
        assertThat(HalfFloats.toFloat(HalfFloats.toHalf(1 + 3 * 0x1p-11f))).isEqualTo(1 + 0x1p-9f);
        assertThat(HalfFloats.toHalf(65520f)).isEqualTo((short) 0x7c00);
        assertThat(HalfFloats.toHalf(65519f)).isEqualTo((short) 0x7bff);
        assertThat(HalfFloats.toHalf(-0f)).isEqualTo((short) 0x8000);
        assertThat(HalfFloats.toFloat(HalfFloats.toHalf(Float.NaN))).isNaN();
        assertThat(HalfFloats.toHalf(0x1.8p-24f)).as("subnormal tie").isEqualTo((short) 2);
        for (int h = 0; h < 0x10000; h++) {
            float value = HalfFloats.toFloat((short) h);
            if (!Float.isNaN(value)) {
                assertThat(HalfFloats.toHalf(value)).isEqualTo((short) h);
            }
        }
    }

    @Test
    void arraysAreNumPys() throws IOException {
        FeatureMap map = random(3, 5, 7);
        Path file = folder.resolve("map.npy");
        FeatureFiles.writeNpy(map, file);
        byte[] bytes = Files.readAllBytes(file);
        String header = new String(bytes, 0, 128, StandardCharsets.ISO_8859_1);
        assertThat(header).startsWith("\u0093NUMPY\u0001\u0000").endsWith("\n");
        assertThat(header).contains("{'descr': '<f2', 'fortran_order': False, 'shape': (3, 5, 7), }");
        assertThat(bytes).hasSize(128 + 2 * 3 * 5 * 7);
        FeatureMap back = FeatureFiles.readNpy(file, 50, 30);
        assertThat(back.value(2, 4, 6)).isCloseTo(map.value(2, 4, 6), offset(1e-3f));
        assertThat(back.value(1, 0, 3)).isCloseTo(map.value(1, 0, 3), offset(1e-3f));
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatIOException()
                .isThrownBy(() -> FeatureFiles.readNpy(file, 50, 30))
                .withMessageContaining("map.npy");
    }

    @Test
    void theCacheGivesTheSameBitsWhateverItHolds() throws IOException {
        AtomicInteger runs = new AtomicInteger();
        Image photo = noise(40, 30, 2);
        PhotoFeatures first;
        try (DenseFeatures cached = new Counting(runs, "a").cached(folder.resolve("cache"))) {
            first = cached.extractGlobal(photo);
            assertThat(cached.extractGlobal(photo).globalVector()).isEqualTo(first.globalVector());
            assertThat(runs).hasValue(1);
            cached.extract(noise(40, 30, 3));
            assertThat(runs).as("another photo").hasValue(2);
        }
        try (DenseFeatures other = new Counting(runs, "b").cached(folder.resolve("cache"))) {
            other.extract(photo);
            assertThat(runs).as("other options").hasValue(3);
        }
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[50] ^= 1;
            Files.write(file, bytes);
        }
        try (DenseFeatures again = new Counting(runs, "a").cached(folder.resolve("cache"))) {
            PhotoFeatures found = again.extractGlobal(photo);
            assertThat(runs).as("damaged files are made again").hasValue(4);
            assertThat(found.classToken()).isEqualTo(first.classToken());
            assertThat(found.patches().value(1, 1, 1)).isEqualTo(first.patches().value(1, 1, 1));
        }
    }

    @Test
    void theGlobalVectorIsOfUnitLengthAndMadeOfBothParts() {
        FeatureMap map = new FeatureMap(1, 2, 2, 2, 1, new float[] {1, -5, 3, 2});
        float[] v = new PhotoFeatures(map, new float[] {3, 4}).globalVector();
        double gem0 = Math.cbrt((1 + 27) / 2.0);
        double gem1 = Math.cbrt(8 / 2.0);
        double norm = Math.sqrt(2) * Math.hypot(gem0, gem1);
        assertThat(v).hasSize(4);
        assertThat((double) v[0]).isCloseTo(0.6 / Math.sqrt(2), offset(1e-6));
        assertThat((double) v[2]).isCloseTo(gem0 / norm, offset(1e-6));
        assertThat((double) v[3]).isCloseTo(gem1 / norm, offset(1e-6));
        assertThat(new PhotoFeatures(map, new float[0]).globalVector()).hasSize(2);
    }

    @Test
    void photosComeInOrderWhateverTheThreads() throws IOException {
        List<String> names = List.of("3", "1", "4", "2", "5", "9", "7");
        PhotoSource photos = name -> noise(32, 32, Integer.parseInt(name));
        List<List<Float>> all = new ArrayList<>();
        for (int threads : new int[] {1, 3}) {
            List<String> order = new ArrayList<>();
            List<Float> values = new ArrayList<>();
            FeatureExtraction.run(
                    names,
                    photos,
                    DenseFeatures.handCrafted(),
                    threads,
                    (name, found) -> {
                        order.add(name);
                        values.add(found.patches().value(1, 1, 5));
                    },
                    Progress.NONE);
            assertThat(order).isEqualTo(names);
            all.add(values);
        }
        assertThat(all.get(0)).isEqualTo(all.get(1)).doesNotHaveDuplicates();
        assertThatIOException()
                .isThrownBy(() -> FeatureExtraction.run(
                        names,
                        name -> {
                            throw new IOException(name + " is damaged");
                        },
                        DenseFeatures.handCrafted(),
                        2,
                        (name, found) -> {},
                        Progress.NONE))
                .withMessage("3 is damaged");
    }

    /** Whoever opened the network closes it next, and what is native must not be freed under a worker's hands. */
    @Test
    void theNetworkIsNotAtWorkAfterAFailure() {
        AtomicInteger atWork = new AtomicInteger();
        DenseFeatures slow = new DenseFeatures() {
            @Override
            public String name() {
                return "slow";
            }

            @Override
            public String sha256() {
                return "0".repeat(64);
            }

            @Override
            public FeatureMap extract(Image photo) {
                atWork.incrementAndGet();
                long end = System.nanoTime() + 100_000_000L;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                atWork.decrementAndGet();
                return new FeatureMap(1, 1, 1, photo.width(), photo.height(), new float[1]);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
        assertThatIOException()
                .isThrownBy(() -> FeatureExtraction.run(
                        List.of("1", "2", "3", "4"),
                        name -> noise(32, 32, Integer.parseInt(name)),
                        slow,
                        2,
                        (name, found) -> {
                            throw new IOException("no room");
                        },
                        Progress.NONE))
                .withMessage("no room");
        assertThat(atWork).hasValue(0);
    }

    @Test
    void aSinkMayGoOnWithoutAPhotoThatIsDamaged() throws IOException {
        PhotoSource photos = name -> {
            if (name.equals("2")) {
                throw new IOException("2 is damaged");
            }
            return noise(32, 32, Integer.parseInt(name));
        };
        List<String> told = new ArrayList<>();
        FeatureExtraction.Sink sink = new FeatureExtraction.Sink() {
            @Override
            public void accept(String name, PhotoFeatures features) {
                told.add(name);
            }

            @Override
            public void unreadable(String name, IOException why) {
                told.add(String.valueOf(why.getMessage()));
            }
        };
        FeatureExtraction.run(List.of("1", "2", "3"), photos, DenseFeatures.handCrafted(), 2, sink, Progress.NONE);
        assertThat(told).containsExactly("1", "2 is damaged", "3");
    }

    /** Features that are the photo's size and a count of how often they were made. */
    private record Counting(AtomicInteger runs, String name) implements DenseFeatures {

        @Override
        public String sha256() {
            return "0".repeat(64);
        }

        @Override
        public FeatureMap extract(Image photo) {
            runs.incrementAndGet();
            float[] values = new float[4 * 3];
            for (int i = 0; i < values.length; i++) {
                values[i] = photo.value(i, i, 0) / 97f;
            }
            return new FeatureMap(2, 2, 3, photo.width(), photo.height(), values);
        }

        @Override
        public PhotoFeatures extractGlobal(Image photo) {
            return new PhotoFeatures(extract(photo), new float[] {photo.value(1, 1, 1) / 31f, 2});
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    private static FeatureMap random(int rows, int columns, int channels) {
        Random random = new Random(9);
        float[] values = new float[rows * columns * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new FeatureMap(rows, columns, channels, 50, 30, values);
    }

    private static Image noise(int width, int height, int seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new Image(width, height, rgb);
    }
}
