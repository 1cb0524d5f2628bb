package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.ManySplats.Bounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpzFilesTest {

    /** Half a step of each quantisation, with 1.5 times the half step for rotations, whose largest component is inferred. */
    private static final Bounds HALF_STEPS =
            new Bounds(Math.scalb(0.7, -18), 0.51 / 16, 0.51 / 255, 0.51 / (255 * 0.15), 8.1 / 128, 0.006);

    @TempDir
    private Path folder;

    private Gaussians written(Gaussians g) throws IOException {
        Path file = folder.resolve("a.spz");
        SplatFiles.write(new StoredSplats(g, false), file);
        return SplatFiles.read(file).gaussians();
    }

    private static Gaussians withinRange(int degree) {
        Gaussians g = ManySplats.random(3, 400, degree);
        for (int i = 0; i < g.sh().length; i++) {
            g.sh()[i] = Math.max(-0.93f, Math.min(0.93f, g.sh()[i]));
        }
        for (int i = 0; i < g.means().length; i++) {
            g.means()[i] = Math.max(-7.9f, Math.min(7.9f, g.means()[i]));
        }
        g.means()[0] = 7.9f; // 18 bits after the point
        return g;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void whatIsWrittenComesBackWithinQuantisation(int degree) throws IOException {
        Gaussians g = withinRange(degree);
        ManySplats.assertAlike(written(g), g, HALF_STEPS);
    }

    /** The bounds must notice an axis that was not turned, in the positions, the rotations and the harmonics alike. */
    @Test
    void theBoundsNoticeAxesThatWereNotTurned() throws IOException {
        Gaussians g = withinRange(3);
        for (int part = 0; part < 3; part++) {
            Gaussians turned = g.copy();
            AxisFlips.BETWEEN_RUB_AND_RDF.apply(turned);
            Gaussians wrong = new Gaussians(
                    3,
                    part == 0 ? turned.means() : g.means(),
                    g.logScales(),
                    part == 1 ? turned.quaternions() : g.quaternions(),
                    g.logitOpacities(),
                    part == 2 ? turned.sh() : g.sh());
            Gaussians back = written(g);
            assertThatThrownBy(() -> ManySplats.assertAlike(back, wrong, HALF_STEPS))
                    .isInstanceOf(AssertionError.class);
        }
    }

    /** The bytes, spelled out: one splat with everything off its zero. */
    @Test
    void writesVersionThree() throws IOException {
        Gaussians g = Gaussians.zeros(1, 1);
        g.means()[0] = 1;
        g.means()[1] = -2;
        g.means()[2] = 3;
        g.logScales()[1] = -10;
        g.quaternions()[3] = -5; // half a turn about z
        g.logitOpacities()[0] = Float.POSITIVE_INFINITY;
        g.sh()[0] = 1;
        g.sh()[3] = 0.5f; // y
        g.sh()[9] = 0.5f; // x
        Path file = folder.resolve("one.spz");
        SplatFiles.write(new StoredSplats(g, false), file);
        ByteBuffer bytes;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            bytes = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
        }
        assertThat(bytes.getInt(0)).isEqualTo(0x5053474e);
        assertThat(bytes.getInt(4)).isEqualTo(3);
        assertThat(bytes.getInt(8)).isEqualTo(1);
        assertThat(bytes.get(12)).isEqualTo((byte) 1);
        int fractionalBits = bytes.get(13);
        assertThat(bytes.getInt(16) << 8 >> 8).isEqualTo(1 << fractionalBits);
        assertThat(bytes.getInt(19) << 8 >> 8).isEqualTo(2 << fractionalBits);
        assertThat(bytes.getInt(22) << 8 >> 8).isEqualTo(-3 << fractionalBits);
        assertThat(bytes.get(25)).isEqualTo((byte) 255);
        assertThat(bytes.get(26)).isEqualTo((byte) Math.round(255 * 0.65));
        assertThat(bytes.get(29)).isEqualTo((byte) 160);
        assertThat(bytes.get(30)).isZero();
        assertThat(bytes.getInt(32)).isEqualTo(2 << 30);
        assertThat(bytes.get(36)).isEqualTo((byte) (128 - 64));
        assertThat(bytes.get(42)).isEqualTo((byte) (128 + 64));
        assertThat(bytes.capacity()).isEqualTo(45);
    }

    @Test
    void refusesCoordinatesThatItCannotHold() {
        Gaussians g = ManySplats.random(1, 3, 0);
        g.means()[4] = 1e7f;
        assertThatThrownBy(() -> SplatFiles.write(new StoredSplats(g, false), folder.resolve("far.spz")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("far.spz")
                .hasMessageContaining("move the splats");
        assertThat(folder.resolve("far.spz")).doesNotExist();
    }

    /** Version 2 from its description: three bytes of rotation. */
    @Test
    void readsVersionTwo() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(HexFormat.of().parseHex("4e475350" + "02000000" + "01000000" + "000c0000"));
        body.write(HexFormat.of().parseHex("001000" + "00e0ff" + "003000")); // 1, -2, 3 in 12 bits
        body.write(HexFormat.of().parseHex("80" + "ff8000" + "a0a0a0"));
        body.write(new byte[] {(byte) 255, 127, 127}); // nearly half a turn about x
        Path file = folder.resolve("two.spz");
        Files.write(file, gzip(body.toByteArray()));
        Gaussians g = SplatFiles.read(file).gaussians();
        assertThat(g.means()).containsExactly(1, 2, -3);
        assertThat(g.logScales()).containsExactly(0, 0, 0);
        assertThat(Math.abs(g.quaternions()[1])).isEqualTo(1);
        assertThat(g.sh()[0]).isCloseTo((float) (0.5 / 0.15), org.assertj.core.api.Assertions.within(1e-6f));
        Files.write(file, body.toByteArray()); // the same, not compressed
        assertThat(SplatFiles.read(file).gaussians().means()).isEqualTo(g.means());
    }

    /** Version 4 and 3 are the same arrays, packed differently. */
    @Test
    void readsVersionFourAndAxesOfItsOwn() throws IOException {
        Gaussians g = withinRange(3);
        for (String axes : new String[] {"", "RDF"}) {
            SpzSplats packed = SpzSplats.of(
                    g, 18, axes.isEmpty() ? AxisFlips.BETWEEN_RUB_AND_RDF : new AxisFlips(false, false, false));
            Path file = folder.resolve("four.spz");
            Files.write(file, versionFour(packed.arrays(), g.count(), 3, axes.isEmpty() ? 0 : 6));
            ManySplats.assertAlike(SplatFiles.read(file).gaussians(), g, HALF_STEPS);
        }
    }

    static byte[] versionFour(byte[][] arrays, int count, int degree, int axes) {
        ByteBuffer all = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
        int tableAt = axes == 0 ? 32 : 44;
        all.putInt(SpzHeader.MAGIC).putInt(4).putInt(count).put((byte) degree).put((byte) 18);
        all.put((byte) (axes == 0 ? 0 : 2)).put((byte) arrays.length).putInt(tableAt);
        if (axes != 0) {
            all.putInt(32, 0xADBE0003).putInt(36, 4).putInt(40, axes);
        }
        all.position(tableAt + 16 * arrays.length);
        for (int i = 0; i < arrays.length; i++) {
            byte[] packed = Zstd.compress(arrays[i]);
            all.putLong(tableAt + 16 * i, packed.length).putLong(tableAt + 16 * i + 8, arrays[i].length);
            all.put(packed);
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    /** A count that nothing in the file stands for must not cost memory. */
    @Test
    void refusesCountsThatDoNotFit() throws IOException {
        Path file = folder.resolve("hostile.spz");
        for (int count : new int[] {40_000_000, Integer.MAX_VALUE, -1}) {
            ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            head.putInt(SpzHeader.MAGIC).putInt(3).putInt(count).put((byte) 3).put((byte) 12);
            Files.write(file, gzip(head.array()));
            assertRefused(file, "");
            Files.write(file, head.array());
            assertRefused(file, "");
            head.putInt(4, 4).put(15, (byte) 6).putInt(16, 32);
            Files.write(file, Arrays.copyOf(head.array(), 32 + 96));
            assertRefused(file, "");
        }
        Files.write(
                file, gzip("nothing of the kind, but long enough".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertRefused(file, "is no SPZ");
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> SplatFiles.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }

    /** Files of other tools: four splats that all of them agree on. */
    @Test
    void minimalFilesOfOtherToolsAgree() throws IOException {
        Optional<Path> data = RealData.folder("splats");
        assumeTrue(data.isPresent(), RealData.absence("splats"));
        Gaussians expected =
                SplatFiles.read(data.get().resolve("minimal/minimal.splat")).gaussians();
        assertThat(expected.means()).startsWith(-1, 0, -1);
        // Balls, whose rotation cannot be seen; the colours are one step of a byte off at most.
        Bounds bounds = new Bounds(1e-6, 0.04, 1e-6, 0.02, 1e-6, 3);
        for (String name : new String[] {"v3", "v4"}) {
            ManySplats.assertAlike(
                    SplatFiles.read(data.get().resolve("minimal/minimal-" + name + ".spz"))
                            .gaussians(),
                    expected,
                    bounds);
        }
        for (String name : new String[] {"raw", "v2"}) {
            Gaussians found = SplatFiles.read(data.get().resolve("minimal/minimal-" + name + ".spz"))
                    .gaussians();
            // Made by storing the numbers of the .splat as they are: without turning the axes, and with the bytes of
            // its
            // colours, which stand for other colours here.
            AxisFlips.BETWEEN_RUB_AND_RDF.apply(found);
            for (int i = 0; i < found.sh().length; i++) {
                found.sh()[i] *= (float) (SpzSplats.COLOUR_SCALE / SplatValues.SH_C0);
            }
            ManySplats.assertAlike(found, expected, bounds);
        }
    }
}
