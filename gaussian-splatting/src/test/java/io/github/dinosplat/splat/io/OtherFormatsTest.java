package io.github.dinosplat.splat.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.scene.testing.RealData;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.ManySplats.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code .splat}, compressed PLY, GLB, and telling kinds apart. */
class OtherFormatsTest {

    @TempDir
    private Path folder;

    @Test
    void dotSplatComesBackWithinQuantisationLargestFirst() throws IOException {
        Gaussians g = ManySplats.random(5, 300, 0);
        for (int i = 0; i < g.sh().length; i++) {
            g.sh()[i] = Math.max(-1.7f, Math.min(1.7f, g.sh()[i]));
        }
        for (int i = 0; i < g.count(); i++) {
            g.means()[3 * i] = i; // to know them again
        }
        Path file = folder.resolve("a.SPLAT");
        SplatFiles.write(new StoredSplats(g, false), file);
        assertThat(Files.size(file)).isEqualTo(300 * 32);
        Gaussians found = SplatFiles.read(file).gaussians();
        double before = Double.POSITIVE_INFINITY;
        int[] order = new int[g.count()];
        for (int i = 0; i < g.count(); i++) {
            order[i] = (int) found.means()[3 * i];
            int o = 3 * order[i];
            double importance = Math.exp(g.logScales()[o] + g.logScales()[o + 1] + g.logScales()[o + 2])
                    * SplatValues.opacity(g.logitOpacities()[order[i]]);
            assertThat(importance).isLessThanOrEqualTo(before);
            before = importance;
        }
        ManySplats.assertAlike(
                found, g.select(order), new Bounds(0, 1e-5, 0.51 / 255, 0.51 / 255 / SplatValues.SH_C0, 0, 0.02));
    }

    @Test
    void dotSplatOfUnusableValuesIsRefused() throws IOException {
        Path file = folder.resolve("b.splat");
        SplatFiles.write(new StoredSplats(ManySplats.random(5, 3, 0), false), file);
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 32 + 4, 64 + 12}) {
            for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                byte[] bad = good.clone();
                ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, value);
                Files.write(file, bad);
                assertRefused(file, "splat " + at / 32);
            }
        }
        ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putFloat(12, -1);
        Files.write(file, good);
        assertRefused(file, "scale of -1");
        Files.write(file, Arrays.copyOf(good, 95));
        assertRefused(file, "95 bytes");
        Files.write(file, new byte[0]);
        assertRefused(file, "0 bytes");
    }

    /** A size of zero is legal there, and so is a rotation that was too short for bytes. */
    @Test
    void dotSplatOfFlatSplatsIsRead() throws IOException {
        ByteBuffer record = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.fill(record.array(), 28, 32, (byte) 128);
        Path file = folder.resolve("flat.splat");
        Files.write(file, record.array());
        Gaussians g = SplatFiles.read(file).gaussians();
        assertThat(g.firstUnusable()).isEqualTo(-1);
        assertThat(g.logScales()[0]).isLessThan(-80);
        assertThat(g.logitOpacities()[0]).isEqualTo(Float.NEGATIVE_INFINITY);
    }

    /** The compressed PLY from its description, with bounds of colours and harmonics. */
    @Test
    void compressedPlyIsRead() throws IOException {
        Path file = folder.resolve("c.ply");
        Files.write(file, compressedPly(300, 9));
        Gaussians g = SplatFiles.read(file).gaussians();
        assertThat(g.count()).isEqualTo(300);
        assertThat(g.shDegree()).isEqualTo(1);
        // Splat 299 is in chunk 1, whose bounds are 10 to 20 in x; its packed values are all of one half.
        assertThat(g.means()[3 * 299]).isCloseTo(10 + 10 * 1024 / 2047f, within(1e-5f));
        assertThat(g.means()[3 * 299 + 1]).isCloseTo(10 * 512 / 1023f, within(1e-5f));
        assertThat(g.logScales()[3 * 299 + 2]).isCloseTo(-4 + 3 * 1024 / 2047f, within(1e-5f));
        assertThat(SplatValues.opacity(g.logitOpacities()[299])).isCloseTo(128 / 255.0, within(1e-6));
        assertThat(SplatValues.colour(g.sh()[48 * 299 + 1])).isCloseTo(2 * 128 / 255.0 - 0.5, within(1e-6));
        // The largest component is w; the others are (512 / 1023 - 0.5) times the square root of two, so almost zero.
        assertThat(g.quaternions()[4 * 299]).isCloseTo(1, within(1e-5f));
        // f_rest_4 is the second coefficient of green; level 200 of 256 bins over -4 to 4.
        assertThat(g.sh()[48 * 299 + 3 * 2 + 1]).isCloseTo(8 * (200.5f / 256 - 0.5f), within(1e-5f));
        assertThat(g.sh()[48 * 299 + 3]).isEqualTo(-4);
    }

    @Test
    void compressedPlyThatDoesNotFitIsRefused() throws IOException {
        Path file = folder.resolve("d.ply");
        byte[] good = compressedPly(300, 9);
        Files.write(file, Arrays.copyOf(good, good.length - 1));
        assertRefused(file, "do not fit");
        String text = new String(good, StandardCharsets.ISO_8859_1);
        for (String[] change : new String[][] {
            {"element chunk 2", "element chunk 1"},
            {"element vertex 300", "element vertex 40000000"},
            {"element sh 300", "element sh 299"},
            {"property float min_x", "property float min_u"},
            {"property uint packed_scale", "property int packed_scale"},
            {"property uchar f_rest_3", "property uchar f_rest_33"},
            {"little", "big"}
        }) {
            Files.write(file, text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1));
            assertRefused(file, "");
        }
        int body = text.indexOf("end_header\n") + "end_header\n".length();
        ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).putFloat(body, Float.NaN);
        Files.write(file, good);
        assertRefused(file, "chunk 0 is NaN");
    }

    static byte[] compressedPly(int count, int harmonics) {
        int chunks = (count + 255) / 256;
        StringBuilder head = new StringBuilder("ply\nformat binary_little_endian 1.0\nelement chunk " + chunks + "\n");
        String[] bounds = {"x", "y", "z", "scale_x", "scale_y", "scale_z", "r", "g", "b"};
        for (String end : new String[] {"min_", "max_"}) {
            for (String name : bounds) {
                head.append("property float ").append(end).append(name).append('\n');
            }
        }
        head.append("element vertex ").append(count).append('\n');
        for (String name : new String[] {"packed_position", "packed_rotation", "packed_scale", "packed_color"}) {
            head.append("property uint ").append(name).append('\n');
        }
        head.append("element sh ").append(count).append('\n');
        for (int k = 0; k < harmonics; k++) {
            head.append("property uchar f_rest_").append(k).append('\n');
        }
        ByteBuffer all = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        all.put(head.append("end_header\n").toString().getBytes(StandardCharsets.US_ASCII));
        float[] least = {0, 0, 0, -4, -4, -4, -0.5f, -0.5f, -0.5f};
        float[] most = {10, 10, 10, -1, -1, -1, 1.5f, 1.5f, 1.5f};
        for (int c = 0; c < chunks; c++) {
            for (float[] bound : new float[][] {least, most}) {
                for (int k = 0; k < 9; k++) {
                    all.putFloat(bound[k] + (k == 0 ? 10 * c : 0));
                }
            }
        }
        int halves = 1024 << 21 | 512 << 11 | 1024;
        for (int i = 0; i < count; i++) {
            all.putInt(halves)
                    .putInt(512 << 20 | 512 << 10 | 512)
                    .putInt(halves)
                    .putInt(0x80808080);
        }
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < harmonics; k++) {
                all.put((byte) (k == 4 ? 200 : 0));
            }
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    /** The same model packed by two tools, in two ways. */
    @Test
    void bikerIsTheSameInBothPackings() throws IOException {
        Optional<Path> data = RealData.folder("splats");
        assumeTrue(data.isPresent(), RealData.absence("splats"));
        Gaussians ply =
                SplatFiles.read(data.get().resolve("biker.compressed.ply")).gaussians();
        Gaussians spz = SplatFiles.read(data.get().resolve("biker.spz")).gaussians();
        assertThat(ply.count()).isEqualTo(152_746);
        assertThat(spz.count()).isEqualTo(152_746);
        assertThat(spz.shDegree()).isZero();
        double[] most = new double[5];
        for (int i = 0; i < spz.count(); i++) {
            for (int k = 0; k < 3; k++) {
                most[0] = Math.max(most[0], Math.abs(spz.means()[3 * i + k] - ply.means()[3 * i + k]));
                most[1] = Math.max(
                        most[1], Math.abs(spz.logScales()[3 * i + k] - Math.max(-10, ply.logScales()[3 * i + k])));
                most[2] = Math.max(most[2], Math.abs(spz.sh()[48 * i + k] - ply.sh()[48 * i + k]));
            }
            double opacity = SplatValues.opacity(spz.logitOpacities()[i]);
            most[3] = Math.max(most[3], Math.abs(opacity - SplatValues.opacity(ply.logitOpacities()[i])));
            most[4] = Math.max(most[4], angle(spz, ply, i));
        }
        // Half a step of SPZ, which knows no size below exp(-10), and what the chunk's bounds leave to the other; half
        // a step in the byte of a base colour
        // is 0.013 in SPZ.
        assertThat(most[0]).isLessThan(0.5 / 4096 + 4e-4);
        assertThat(most[1]).isLessThan(0.5 / 16 + 2e-3);
        assertThat(most[2]).isLessThan(0.0131 + 0.0139);
        assertThat(most[3]).isLessThan(1.01 / 255);
        assertThat(most[4]).isLessThan(0.008);
    }

    /** The angle of the rotation from one splat's axes to the other's, in radians. */
    private static double angle(Gaussians a, Gaussians b, int i) {
        double dot = 0;
        double normA = 0;
        double normB = 0;
        for (int k = 0; k < 4; k++) {
            double p = a.quaternions()[4 * i + k];
            double q = b.quaternions()[4 * i + k];
            dot += p * q;
            normA += p * p;
            normB += q * q;
        }
        return 2 * Math.acos(Math.min(1, Math.abs(dot) / Math.sqrt(normA * normB)));
    }

    @Test
    void glbHoldsWhatTheExtensionAsksFor() throws IOException {
        Gaussians g = ManySplats.random(9, 77, 2);
        g.logitOpacities()[3] = Float.POSITIVE_INFINITY;
        Path file = folder.resolve("e.glb");
        SplatFiles.write(new StoredSplats(g, false), file);
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(all.getInt(0)).isEqualTo(0x46546c67);
        assertThat(all.getInt(4)).isEqualTo(2);
        assertThat(all.getInt(8)).isEqualTo(all.capacity());
        int jsonLength = all.getInt(12);
        assertThat(jsonLength % 4).isZero();
        JsonNode json = new ObjectMapper().readTree(new String(all.array(), 20, jsonLength, StandardCharsets.US_ASCII));
        assertThat(all.getInt(20 + jsonLength)).isEqualTo(all.capacity() - 28 - jsonLength);
        assertThat(json.at("/buffers/0/byteLength").asInt()).isEqualTo(all.capacity() - 28 - jsonLength);
        assertThat(json.at("/extensionsUsed/0").asText()).isEqualTo("KHR_gaussian_splatting");
        JsonNode primitive = json.at("/meshes/0/primitives/0");
        assertThat(primitive.path("mode").asInt()).isZero();
        assertThat(primitive.at("/extensions/KHR_gaussian_splatting/kernel").asText())
                .isEqualTo("ellipse");
        assertThat(primitive.at("/extensions/KHR_gaussian_splatting/colorSpace").asText())
                .isEqualTo("srgb_rec709_display");
        JsonNode names = primitive.path("attributes");
        assertThat(names).hasSize(5 + 9);
        String khr = "KHR_gaussian_splatting:";
        float[] positions = floats(json, all, names.path("POSITION").asInt());
        assertThat(positions).isEqualTo(g.means());
        for (int k = 0; k < 3; k++) {
            float least = Float.MAX_VALUE;
            for (int i = 0; i < g.count(); i++) {
                least = Math.min(least, positions[3 * i + k]);
            }
            assertThat((float) json.at("/accessors/0/min/" + k).asDouble()).isEqualTo(least);
        }
        float[] rotations = floats(json, all, names.path(khr + "ROTATION").asInt());
        float[] scales = floats(json, all, names.path(khr + "SCALE").asInt());
        float[] opacities = floats(json, all, names.path(khr + "OPACITY").asInt());
        float[] last = floats(json, all, names.path(khr + "SH_DEGREE_2_COEF_4").asInt());
        assertThat(opacities[3]).isEqualTo(1);
        for (int i = 0; i < g.count(); i++) {
            double dot = 0;
            double norm = 0;
            for (int k = 0; k < 4; k++) {
                float q = g.quaternions()[4 * i + k];
                dot += q * rotations[4 * i + (k + 3) % 4];
                norm += q * q;
            }
            assertThat(Math.abs(dot)).isCloseTo(Math.sqrt(norm), within(1e-5));
            assertThat(scales[3 * i + 1]).isEqualTo((float) Math.exp(g.logScales()[3 * i + 1]));
            assertThat(last[3 * i + 2]).isEqualTo(g.sh()[48 * i + 3 * 8 + 2]);
        }
    }

    /** The node's rotation must take up to y, and not mirror: also where up is as far from y as can be. */
    @Test
    void glbStandsUpright() throws IOException {
        Gaussians g = ManySplats.random(9, 2, 0);
        for (Vector3d up : List.of(
                new Vector3d(0, -1, 0), new Vector3d(0, 0, 1), new Vector3d(0, 2, 0), new Vector3d(1, -2, 0.5))) {
            Path file = folder.resolve("up.glb");
            SplatFiles.write(new StoredSplats(g, false), up, file);
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            JsonNode r = new ObjectMapper()
                    .readTree(new String(all.array(), 20, all.getInt(12), StandardCharsets.US_ASCII))
                    .at("/nodes/0/rotation");
            Quaterniond q = new Quaterniond(
                    r.get(0).asDouble(),
                    r.get(1).asDouble(),
                    r.get(2).asDouble(),
                    r.get(3).asDouble());
            assertThat(q.lengthSquared()).isCloseTo(1, within(1e-12));
            Vector3d turned = q.transform(new Vector3d(up)).normalize();
            assertThat(turned.distance(0, 1, 0)).isLessThan(1e-9);
        }
    }

    private static float[] floats(JsonNode json, ByteBuffer all, int accessor) {
        JsonNode a = json.path("accessors").path(accessor);
        JsonNode view = json.path("bufferViews").path(a.path("bufferView").asInt());
        int components = a.path("type").asText().equals("SCALAR")
                ? 1
                : a.path("type").asText().charAt(3) - '0';
        assertThat(a.path("componentType").asInt()).isEqualTo(5126);
        float[] values = new float[a.path("count").asInt() * components];
        assertThat(view.path("byteLength").asInt()).isEqualTo(4 * values.length);
        assertThat(view.path("byteOffset").asInt() % 4).isZero();
        int start = 28 + all.getInt(12) + view.path("byteOffset").asInt();
        for (int i = 0; i < values.length; i++) {
            values[i] = all.getFloat(start + 4 * i);
        }
        return values;
    }

    @Test
    void kindsAreToldApartByContent() throws IOException {
        Gaussians g = ManySplats.random(2, 4, 1);
        ByteArrayOutputStream ply = new ByteArrayOutputStream();
        PlyFiles.write(g, ply);
        Path misnamed = folder.resolve("a.spz");
        Files.write(misnamed, ply.toByteArray());
        assertThat(SplatFiles.read(misnamed).gaussians().means()).isEqualTo(g.means());
        Path other = folder.resolve("photo.jpg");
        Files.write(other, new byte[] {(byte) 0xff, (byte) 0xd8, 0, 0, 0});
        assertRefused(other, "no splat file");
        assertThat(SplatFiles.canWrite(Path.of("x/Y.GLB"))).isTrue();
        assertThat(SplatFiles.canWrite(Path.of("x.obj"))).isFalse();
        assertThatThrownBy(() -> SplatFiles.write(new StoredSplats(g, false), folder.resolve("a.obj")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Splats that were trained with dimming look right only with it, so files that can say so must. */
    @Test
    void dimmingIsKeptWhereTheKindCanSayIt() throws IOException {
        Gaussians g = ManySplats.random(2, 4, 1);
        for (boolean mip : new boolean[] {false, true}) {
            for (String name : new String[] {"m.ply", "m.spz"}) {
                Path file = folder.resolve(name);
                SplatFiles.write(new StoredSplats(g, mip), file);
                assertThat(SplatFiles.read(file).mip()).as(name).isEqualTo(mip);
                assertThat(SplatFiles.read(file).renderOptions().mip()).isEqualTo(mip);
            }
        }
        String text = new String(compressedPly(3, 9), StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("m.compressed.ply");
        Files.write(file, text.replace("1.0\n", "1.0\ncomment antialiased 1\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(SplatFiles.read(file).mip()).isTrue();
    }

    /** Whatever is done to a file, there is an answer that names it, or splats without NaN. */
    @Test
    void damagedFilesNeverEscapeAsOtherExceptions() throws IOException {
        Gaussians g = ManySplats.random(4, 9, 2);
        SplatFiles.write(new StoredSplats(g, false), folder.resolve("x.spz"));
        SplatFiles.write(new StoredSplats(g, false), folder.resolve("x.splat"));
        Files.write(
                folder.resolve("y.spz"),
                SpzFilesTest.versionFour(
                        SpzSplats.of(g, 12, AxisFlips.BETWEEN_RUB_AND_RDF).arrays(), 9, 2, 4));
        Files.write(folder.resolve("x.ply"), compressedPly(5, 24));
        Random random = new Random(11);
        for (String name : new String[] {"x.spz", "y.spz", "x.splat", "x.ply"}) {
            byte[] good = Files.readAllBytes(folder.resolve(name));
            Path file = folder.resolve("damaged-" + name);
            int refused = 0;
            for (int trial = 0; trial < 400; trial++) {
                byte[] bad = trial % 2 == 0 ? good.clone() : Arrays.copyOf(good, random.nextInt(good.length + 1));
                for (int k = 0; k < 3 && bad.length > 0 && trial % 4 != 1; k++) {
                    bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
                }
                Files.write(file, bad);
                try {
                    assertThat(SplatFiles.read(file).gaussians().firstUnusable())
                            .isEqualTo(-1);
                } catch (IOException e) {
                    refused++;
                    assertThat(e).hasMessageContaining("damaged-").hasMessageNotContaining("\n");
                }
            }
            // gzip has a checksum, so none of those gets through.
            assertThat(refused).as(name).isBetween(150, name.equals("x.spz") ? 400 : 399);
        }
    }

    private static void assertRefused(Path file, String part) {
        assertThatThrownBy(() -> SplatFiles.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining(part)
                .hasMessageNotContaining("\n");
    }
}
