package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dinosplat.splat.Gaussians;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlyFilesTest {

    @TempDir
    private Path folder;

    private static Gaussians random(int count, int degree) {
        Random random = new Random(17);
        Gaussians g = Gaussians.zeros(count, degree);
        for (float[] array : new float[][] {g.means(), g.logScales(), g.quaternions(), g.logitOpacities()}) {
            for (int i = 0; i < array.length; i++) {
                array[i] = (float) random.nextGaussian();
            }
        }
        int used = 3 * (degree + 1) * (degree + 1);
        for (int i = 0; i < g.sh().length; i++) {
            g.sh()[i] = i % 48 < used ? (float) random.nextGaussian() : 0;
        }
        return g;
    }

    private static void assertSame(Gaussians a, Gaussians b) {
        assertThat(a.shDegree()).isEqualTo(b.shDegree());
        assertThat(a.means()).isEqualTo(b.means());
        assertThat(a.logScales()).isEqualTo(b.logScales());
        assertThat(a.quaternions()).isEqualTo(b.quaternions());
        assertThat(a.logitOpacities()).isEqualTo(b.logitOpacities());
        assertThat(a.sh()).isEqualTo(b.sh());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void roundTripKeepsEveryBit(int degree) throws IOException {
        for (int count : new int[] {0, 1, 1023, 1024, 1025}) {
            Path file = folder.resolve(degree + "-" + count + ".ply");
            Gaussians before = random(count, degree);
            PlyFiles.write(before, file);
            assertSame(PlyFiles.read(file), before);
        }
    }

    /** The layout that other tools rely on, spelled out byte by byte. */
    @Test
    void writesTheStandardLayout() throws IOException {
        Gaussians g = random(2, 3);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlyFiles.write(g, out);
        String text = out.toString(StandardCharsets.ISO_8859_1);
        int end = text.indexOf("end_header\n") + "end_header\n".length();
        String[] head = text.substring(0, end).split("\n");
        assertThat(head).startsWith("ply", "format binary_little_endian 1.0", "element vertex 2", "property float x");
        assertThat(head).hasSize(3 + 62 + 1);
        assertThat(head[3 + 3]).isEqualTo("property float nx");
        assertThat(head[3 + 9]).isEqualTo("property float f_rest_0");
        assertThat(head[3 + 54]).isEqualTo("property float opacity");
        assertThat(out.size() - end).isEqualTo(2 * 248);
        ByteBuffer second =
                ByteBuffer.wrap(out.toByteArray(), end + 248, 248).slice().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(second.getFloat(4 * 1)).isEqualTo(g.means()[4]);
        assertThat(second.getFloat(4 * 4)).isZero();
        assertThat(second.getFloat(4 * 7)).isEqualTo(g.sh()[48 + 1]);
        // Channel-major: f_rest_16 is the second coefficient of degree 1 and up, in green.
        assertThat(second.getFloat(4 * (9 + 16))).isEqualTo(g.sh()[48 + 3 * 2 + 1]);
        assertThat(second.getFloat(4 * 54)).isEqualTo(g.logitOpacities()[1]);
        assertThat(second.getFloat(4 * 55)).isEqualTo(g.logScales()[3]);
        assertThat(second.getFloat(4 * 58)).isEqualTo(g.quaternions()[4]);
    }

    @Test
    void readsPropertiesInAnyOrderAndFormat() throws IOException {
        Gaussians g = random(5, 1);
        List<String> names = names(1);
        names.remove("nx"); // as Brush writes: no normals, another order
        names.remove("ny");
        names.remove("nz");
        names.add("extra");
        Collections.shuffle(names, new Random(3));
        for (String format : List.of("ascii", "binary_little_endian", "binary_big_endian")) {
            for (String type : List.of("float", "double")) {
                Path file = folder.resolve(format + type + ".ply");
                Files.write(file, encoded(g, names, format, type));
                assertSame(PlyFiles.read(file), g);
            }
        }
    }

    @Test
    void skipsOtherElements() throws IOException {
        Gaussians g = random(3, 0);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        PlyFiles.write(g, plain);
        String text = plain.toString(StandardCharsets.ISO_8859_1);
        String with = text.replace(
                        "element vertex", "comment made elsewhere\nelement camera 2\nproperty uchar a\nelement vertex")
                .replace("end_header\n", "element tail 1\nproperty list uchar int v\nend_header\nAB");
        Path file = folder.resolve("others.ply");
        Files.write(file, (with + "\1abcd").getBytes(StandardCharsets.ISO_8859_1));
        assertSame(PlyFiles.read(file), g);
    }

    @Test
    void keepsInfiniteOpacityButRefusesOtherUnusableValues() throws IOException {
        Path file = folder.resolve("values.ply");
        Gaussians g = random(4, 3);
        g.logitOpacities()[1] = Float.POSITIVE_INFINITY;
        PlyFiles.write(g, file);
        assertSame(PlyFiles.read(file), g);

        Gaussians nan = random(4, 3);
        nan.sh()[48 * 2 + 3] = Float.NaN;
        PlyFiles.write(nan, file);
        assertRefused(file, "f_rest_0 is NaN in splat 2");

        Gaussians zero = random(4, 3);
        Arrays.fill(zero.quaternions(), 8, 12, 0);
        PlyFiles.write(zero, file);
        assertRefused(file, "a rotation of length 0.0 in splat 2");

        Gaussians opacity = random(4, 3);
        opacity.logitOpacities()[0] = Float.NaN;
        PlyFiles.write(opacity, file);
        assertRefused(file, "opacity is NaN in splat 0");
    }

    /** OpenSplat's file of fountain after 7,000 steps has one such splat. */
    @Test
    void leavesOutTheOddSplatThatIsNoNumber() throws IOException {
        Path file = folder.resolve("odd.ply");
        Gaussians g = random(300, 2);
        g.means()[3 * 7] = Float.NaN;
        g.logScales()[3 * 299 + 2] = Float.POSITIVE_INFINITY;
        Arrays.fill(g.quaternions(), 4 * 100, 4 * 100 + 4, 0);
        PlyFiles.write(g, file);
        int[] sound = IntStream.range(0, 299).filter(i -> i != 7 && i != 100).toArray();
        assertSame(PlyFiles.read(file), g.select(sound));
        g.sh()[0] = Float.NaN;
        PlyFiles.write(g, file);
        assertRefused(file, "scale_2 is Infinity in splat 299");
    }

    @Test
    void refusesEveryMissingProperty() throws IOException {
        for (String missing : names(1)) {
            if (missing.startsWith("n")) {
                continue;
            }
            List<String> names = names(1);
            names.remove(missing);
            Path file = folder.resolve("missing.ply");
            Files.write(file, encoded(random(2, 1), names, "binary_little_endian", "float"));
            assertRefused(file, missing.startsWith("f_rest_") ? "f_rest" : missing);
        }
    }

    @Test
    void refusesCountsThatDoNotFitTheSize() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlyFiles.write(random(7, 3), out);
        byte[] good = out.toByteArray();
        Path file = folder.resolve("size.ply");

        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertRefused(file, "do not fit");
        Files.write(file, Arrays.copyOf(good, good.length + 1));
        assertRefused(file, "too many");
        String text = new String(good, StandardCharsets.ISO_8859_1);
        // Must be refused before an array of that size is asked for.
        for (String count : List.of("8", "40000000", "2147483647", "9223372036854775807", "-1", "x")) {
            Files.write(
                    file,
                    text.replace("element vertex 7", "element vertex " + count).getBytes(StandardCharsets.ISO_8859_1));
            assertRefused(file, "");
        }
        String ascii = text.replace("binary_little_endian", "ascii").replace("vertex 7", "vertex 40000000");
        Files.write(file, ascii.getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(file, "do not fit");
    }

    @Test
    void refusesWhatIsNoPly() throws IOException {
        Path file = folder.resolve("no.ply");
        for (String text : List.of(
                "",
                "ply",
                "ply\nformat ascii 1.0\n",
                "ply\nend_header\n",
                "PNG\n",
                "ply\nformat martian 1.0\nend_header\n",
                "ply\nformat ascii 1.0\nelement face 0\nend_header\n",
                "ply\nformat ascii 1.0\nproperty float x\nend_header\n",
                "ply\nformat ascii 1.0\nelement vertex 0\nproperty quaternion x\nend_header\n",
                "ply\nformat ascii 1.0\nelement vertex 0\nproperty float x\nproperty float x\nend_header\n",
                "ply\nformat ascii 1.0\nelement vertex\nend_header\n",
                "ply\nwhat is this\nend_header\n")) {
            Files.writeString(file, text);
            assertRefused(file, "");
        }
        assertThatThrownBy(() -> PlyFiles.read(folder.resolve("absent.ply"))).isInstanceOf(IOException.class);
    }

    @Test
    void damagedFilesNeverEscapeAsOtherExceptions() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PlyFiles.write(random(3, 1), out);
        byte[] good = out.toByteArray();
        Random random = new Random(5);
        Path file = folder.resolve("damaged.ply");
        int refused = 0;
        for (int trial = 0; trial < 300; trial++) {
            byte[] bad = good.clone();
            for (int k = 0; k < 3; k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            try {
                PlyFiles.read(file);
            } catch (IOException e) {
                refused++;
                assertThat(e).hasMessageContaining("damaged.ply");
            }
        }
        assertThat(refused).isBetween(100, 299);
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> PlyFiles.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }

    private static List<String> names(int degree) {
        List<String> names = new ArrayList<>(List.of("x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"));
        for (int i = 0; i < 3 * ((degree + 1) * (degree + 1) - 1); i++) {
            names.add("f_rest_" + i);
        }
        names.addAll(List.of("opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"));
        return names;
    }

    private static float value(Gaussians g, int i, String name) {
        int perChannel = (g.shDegree() + 1) * (g.shDegree() + 1) - 1;
        int number = name.contains("_") ? Integer.parseInt(name.substring(name.lastIndexOf('_') + 1)) : 0;
        if (name.startsWith("f_rest_")) {
            return g.sh()[48 * i + 3 * (1 + number % perChannel) + number / perChannel];
        } else if (name.startsWith("f_dc_")) {
            return g.sh()[48 * i + number];
        } else if (name.startsWith("scale_")) {
            return g.logScales()[3 * i + number];
        } else if (name.startsWith("rot_")) {
            return g.quaternions()[4 * i + number];
        }
        return switch (name) {
            case "x" -> g.means()[3 * i];
            case "y" -> g.means()[3 * i + 1];
            case "z" -> g.means()[3 * i + 2];
            case "opacity" -> g.logitOpacities()[i];
            default -> 7;
        };
    }

    private static byte[] encoded(Gaussians g, List<String> names, String format, String type) {
        StringBuilder head =
                new StringBuilder("ply\r\nformat " + format + " 1.0\r\nelement vertex " + g.count() + "\n");
        names.forEach(name ->
                head.append("property ").append(type).append(' ').append(name).append('\n'));
        head.append("end_header\n");
        ByteBuffer body = ByteBuffer.allocate(g.count() * names.size() * 8)
                .order(format.contains("little") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < g.count(); i++) {
            for (String name : names) {
                float value = value(g, i, name);
                text.append(value).append(name.equals("z") ? "\n" : " ");
                if (type.equals("float")) {
                    body.putFloat(value);
                } else {
                    body.putDouble(value);
                }
            }
        }
        byte[] rows = format.equals("ascii")
                ? text.toString().getBytes(StandardCharsets.US_ASCII)
                : Arrays.copyOf(body.array(), body.position());
        byte[] first = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(first, first.length + rows.length);
        System.arraycopy(rows, 0, all, first.length, rows.length);
        return all;
    }
}
