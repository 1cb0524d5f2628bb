package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * Writes binary glTF 2.0 with the extension KHR_gaussian_splatting (Khronos): a point for each splat, with rotation (x,
 * y, z, w), scale (linear), opacity and spherical harmonics as attributes, and a colour for programs without the
 * extension. The values stay in the frame of the scene; the node turns them to glTF's, in which y is up.
 */
final class GlbWriter {

    private static final int MAGIC = 0x46546c67;
    private static final int JSON_CHUNK = 0x4e4f534a;
    private static final int BINARY_CHUNK = 0x004e4942;
    private static final String PREFIX = "KHR_gaussian_splatting:";
    private static final int SPLATS_AT_ONCE = 4096;

    /** An accessor: {@code put} appends a splat's values. */
    private record Attribute(String name, String type, int components, boolean bytes, Values put) {

        int bytesPerSplat() {
            return bytes ? components : 4 * components;
        }
    }

    private interface Values {
        void put(int splat, ByteBuffer out);
    }

    private GlbWriter() {}

    /** Writes splats whose world has a direction up; {@code name} is for messages. */
    static void write(Gaussians g, Vector3dc up, String name, OutputStream out) throws IOException {
        if (g.count() == 0) {
            throw new IOException(name + ": glTF cannot hold an empty set of splats");
        }
        List<Attribute> attributes = attributes(g);
        long binary = 0;
        for (Attribute attribute : attributes) {
            binary += (long) attribute.bytesPerSplat() * g.count();
        }
        byte[] json = json(g, up, attributes, binary).getBytes(StandardCharsets.US_ASCII);
        int padding = -json.length & 3;
        long total = 12 + 8 + json.length + padding + 8 + binary;
        if (total > 0xffffffffL) {
            throw new IOException(name + ": " + total + " bytes are more than a .glb holds; write a .spz instead");
        }
        ByteBuffer head = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(MAGIC)
                .putInt(2)
                .putInt((int) total)
                .putInt(json.length + padding)
                .putInt(JSON_CHUNK);
        out.write(head.array());
        out.write(json);
        out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        ByteBuffer second = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        out.write(second.putInt((int) binary).putInt(BINARY_CHUNK).array());
        for (Attribute attribute : attributes) {
            writeValues(attribute, g.count(), out);
        }
    }

    private static void writeValues(Attribute attribute, int count, OutputStream out) throws IOException {
        ByteBuffer values =
                ByteBuffer.allocate(SPLATS_AT_ONCE * attribute.bytesPerSplat()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            attribute.put().put(i, values);
            if (!values.hasRemaining() || i == count - 1) {
                out.write(values.array(), 0, values.position());
                values.clear();
            }
        }
    }

    private static List<Attribute> attributes(Gaussians g) {
        List<Attribute> all = new ArrayList<>();
        all.add(new Attribute("POSITION", "VEC3", 3, false, (i, out) -> putThree(g.means(), 3 * i, out)));
        all.add(new Attribute("COLOR_0", "VEC4", 4, true, (i, out) -> putColour(g, i, out)));
        double[] q = new double[4];
        all.add(new Attribute(PREFIX + "ROTATION", "VEC4", 4, false, (i, out) -> {
            SplatValues.unit(g.quaternions(), i, q);
            out.putFloat((float) q[1])
                    .putFloat((float) q[2])
                    .putFloat((float) q[3])
                    .putFloat((float) q[0]);
        }));
        all.add(new Attribute(PREFIX + "SCALE", "VEC3", 3, false, (i, out) -> {
            for (int k = 0; k < 3; k++) {
                out.putFloat((float) Math.exp(g.logScales()[3 * i + k]));
            }
        }));
        all.add(new Attribute(
                PREFIX + "OPACITY",
                "SCALAR",
                1,
                false,
                (i, out) -> out.putFloat((float) SplatValues.opacity(g.logitOpacities()[i]))));
        for (int degree = 0; degree <= g.shDegree(); degree++) {
            for (int k = 0; k <= 2 * degree; k++) {
                int coefficient = degree * degree + k;
                all.add(new Attribute(
                        PREFIX + "SH_DEGREE_" + degree + "_COEF_" + k,
                        "VEC3",
                        3,
                        false,
                        (i, out) -> putThree(g.sh(), 3 * (Gaussians.SH_COEFFICIENTS * i + coefficient), out)));
            }
        }
        return all;
    }

    private static void putThree(float[] values, int from, ByteBuffer out) {
        out.putFloat(values[from]).putFloat(values[from + 1]).putFloat(values[from + 2]);
    }

    /** The base colour, linear as glTF wants vertex colours, and the opacity. */
    private static void putColour(Gaussians g, int i, ByteBuffer out) {
        for (int k = 0; k < 3; k++) {
            double srgb = Math.max(0, SplatValues.colour(g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k]));
            double linear = srgb <= 0.04045 ? srgb / 12.92 : Math.pow((srgb + 0.055) / 1.055, 2.4);
            out.put(SplatValues.unsignedByte(255 * linear));
        }
        out.put(SplatValues.unsignedByte(255 * SplatValues.opacity(g.logitOpacities()[i])));
    }

    private static String json(Gaussians g, Vector3dc up, List<Attribute> attributes, long binary) {
        StringBuilder names = new StringBuilder();
        StringBuilder accessors = new StringBuilder();
        StringBuilder views = new StringBuilder();
        long offset = 0;
        for (int a = 0; a < attributes.size(); a++) {
            Attribute attribute = attributes.get(a);
            long length = (long) attribute.bytesPerSplat() * g.count();
            String comma = a == 0 ? "" : ",";
            names.append(comma)
                    .append('"')
                    .append(attribute.name())
                    .append("\":")
                    .append(a);
            views.append(comma)
                    .append("{\"buffer\":0,\"byteOffset\":")
                    .append(offset)
                    .append(",\"byteLength\":")
                    .append(length)
                    .append(",\"target\":34962}");
            accessors
                    .append(comma)
                    .append("{\"bufferView\":")
                    .append(a)
                    .append(",\"componentType\":")
                    .append(attribute.bytes() ? "5121,\"normalized\":true" : "5126")
                    .append(",\"count\":")
                    .append(g.count())
                    .append(",\"type\":\"")
                    .append(attribute.type())
                    .append('"')
                    .append(a == 0 ? bounds(g) : "")
                    .append('}');
            offset += length;
        }
        return "{\"asset\":{\"version\":\"2.0\",\"generator\":\"dinosplat\"},"
                + "\"extensionsUsed\":[\"KHR_gaussian_splatting\"],\"scene\":0,\"scenes\":[{\"nodes\":[0]}],"
                + "\"nodes\":[{\"mesh\":0,\"rotation\":[" + upright(up) + "]}],"
                + "\"meshes\":[{\"primitives\":[{\"mode\":0,\"attributes\":{" + names
                + "},\"extensions\":{\"KHR_gaussian_splatting\":{\"kernel\":\"ellipse\","
                + "\"colorSpace\":\"srgb_rec709_display\",\"sortingMethod\":\"cameraDistance\","
                + "\"projection\":\"perspective\"}}}]}],"
                + "\"accessors\":[" + accessors + "],\"bufferViews\":[" + views + "],"
                + "\"buffers\":[{\"byteLength\":" + binary + "}]}";
    }

    /** The rotation as x, y, z, w that takes up to glTF's y: half a turn about x, and then the shortest way. */
    private static String upright(Vector3dc up) {
        Quaterniond halfTurn = new Quaterniond(1, 0, 0, 0);
        Quaterniond rest = new Quaterniond().rotationTo(halfTurn.transform(new Vector3d(up)), new Vector3d(0, 1, 0));
        Quaterniond all = rest.mul(halfTurn).normalize();
        return all.x + "," + all.y + "," + all.z + "," + all.w;
    }

    /** Least and greatest position, which glTF wants exactly as they are stored. */
    private static String bounds(Gaussians g) {
        float[] least = {Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE};
        float[] most = {-Float.MAX_VALUE, -Float.MAX_VALUE, -Float.MAX_VALUE};
        for (int i = 0; i < g.means().length; i++) {
            least[i % 3] = Math.min(least[i % 3], g.means()[i]);
            most[i % 3] = Math.max(most[i % 3], g.means()[i]);
        }
        return ",\"min\":[" + exact(least) + "],\"max\":[" + exact(most) + "]";
    }

    private static String exact(float[] values) {
        return (double) values[0] + "," + (double) values[1] + "," + (double) values[2];
    }
}
