package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.PlyHeader.Element;
import io.github.dinosplat.splat.io.PlyHeader.Encoding;
import io.github.dinosplat.splat.io.PlyHeader.Property;
import io.github.dinosplat.splat.io.PlyHeader.Type;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * The compressed PLY of PlayCanvas and SuperSplat: splats in chunks of 256, whose bounds are rows of the element
 * {@code chunk}; positions, scales and colours are fractions between the bounds, packed in 32 bits each. Higher spherical
 * harmonics, where there are any, are bytes in the element {@code sh}, channel-major as in other PLY files.
 */
final class CompressedPly {

    private static final int CHUNK = 256;
    private static final String[] PACKED = {"packed_position", "packed_rotation", "packed_scale", "packed_color"};

    private final Path file;
    private final InputStream in;
    private final Element chunk;
    private final Element vertex;

    private CompressedPly(Path file, InputStream in, Element chunk, Element vertex) {
        this.file = file;
        this.in = in;
        this.chunk = chunk;
        this.vertex = vertex;
    }

    static boolean is(Element vertex) {
        return vertex.properties().stream().anyMatch(p -> p.name().equals(PACKED[0]));
    }

    /** Reads what follows the head; the counts of all elements are checked against the file's size already. */
    static Gaussians read(Path file, PlyHeader header, InputStream in) throws IOException {
        List<Element> elements = header.elements();
        boolean order = elements.size() >= 2
                && elements.get(0).name().equals("chunk")
                && elements.get(1).name().equals("vertex")
                && (elements.size() == 2 || elements.get(2).name().equals("sh"));
        boolean plain = elements.stream().noneMatch(Element::hasLists);
        if (!order || !plain || elements.size() > 3 || header.encoding() != Encoding.LITTLE_ENDIAN) {
            throw new IOException(file + ": a compressed PLY has the elements chunk, vertex and perhaps sh, in"
                    + " binary_little_endian; export the splats again");
        }
        Element chunk = elements.get(0);
        Element vertex = elements.get(1);
        if (chunk.count() != (vertex.count() + CHUNK - 1) / CHUNK) {
            throw new IOException(file + ": " + chunk.count() + " chunks of " + CHUNK + " do not fit " + vertex.count()
                    + " splats; the file is damaged, export it again");
        }
        CompressedPly reader = new CompressedPly(file, in, chunk, vertex);
        int perChannel = elements.size() < 3 ? 0 : reader.shPerChannel(elements.get(2));
        int degree = (int) Math.round(Math.sqrt(perChannel + 1.0)) - 1;
        float[][] bounds = reader.bounds();
        Gaussians g = Gaussians.zeros(SplatLimits.require(file, vertex.count()), degree);
        reader.splats(g, bounds);
        if (perChannel > 0) {
            reader.harmonics(g, elements.get(2), perChannel);
        }
        return g;
    }

    private int shPerChannel(Element sh) throws IOException {
        int count = sh.properties().size();
        if ((count != 9 && count != 24 && count != 45) || sh.count() != vertex.count()) {
            throw new IOException(file + ": " + sh.count() + " rows of " + count + " values in 'sh' for "
                    + vertex.count() + " splats; the file is damaged, export it again");
        }
        for (int k = 0; k < count; k++) {
            offset(sh, "f_rest_" + k, Type.UINT8);
        }
        return count / 3;
    }

    /** For each chunk: least and greatest x, y, z, then of the logarithms of the scales, then of red, green, blue. */
    private float[][] bounds() throws IOException {
        String[] groups = {"", "scale_", ""};
        String[][] axes = {{"x", "y", "z"}, {"x", "y", "z"}, {"r", "g", "b"}};
        boolean colours = chunk.properties().stream().anyMatch(p -> p.name().equals("min_r"));
        int[] offsets = new int[18];
        for (int group = 0; group < (colours ? 3 : 2); group++) {
            for (int k = 0; k < 3; k++) {
                String name = groups[group] + axes[group][k];
                offsets[6 * group + k] = offset(chunk, "min_" + name, Type.FLOAT32);
                offsets[6 * group + 3 + k] = offset(chunk, "max_" + name, Type.FLOAT32);
            }
        }
        float[][] bounds = new float[(int) chunk.count()][18];
        ByteBuffer row = row(chunk);
        for (int c = 0; c < bounds.length; c++) {
            fill(row, chunk);
            for (int k = 0; k < 18; k++) {
                float value = k >= 12 && !colours ? (k < 15 ? 0 : 1) : row.getFloat(offsets[k]);
                if (!Float.isFinite(value)) {
                    throw new IOException(file + ": a bound of chunk " + c + " is " + value
                            + "; the file is damaged, export it again");
                }
                bounds[c][k] = value;
            }
        }
        return bounds;
    }

    private void splats(Gaussians g, float[][] bounds) throws IOException {
        int[] offsets = new int[PACKED.length];
        for (int k = 0; k < offsets.length; k++) {
            offsets[k] = offset(vertex, PACKED[k], Type.UINT32);
        }
        ByteBuffer row = row(vertex);
        for (int i = 0; i < g.count(); i++) {
            fill(row, vertex);
            float[] bound = bounds[i / CHUNK];
            int position = row.getInt(offsets[0]);
            int scale = row.getInt(offsets[2]);
            int colour = row.getInt(offsets[3]);
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = (float) between(bound, k, part11To10To11(position, k));
                g.logScales()[3 * i + k] = (float) between(bound, 6 + k, part11To10To11(scale, k));
                double shown = between(bound, 12 + k, (colour >>> (24 - 8 * k) & 255) / 255.0);
                g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k] = SplatValues.coefficient(shown);
            }
            g.logitOpacities()[i] = SplatValues.logit((colour & 255) / 255.0);
            rotation(row.getInt(offsets[1]), g.quaternions(), i);
        }
    }

    private static double between(float[] bound, int least, double fraction) {
        return bound[least] * (1 - fraction) + bound[least + 3] * fraction;
    }

    /** The fraction of axis 0, 1 or 2 in a word of 11, 10 and 11 bits. */
    private static double part11To10To11(int word, int axis) {
        return switch (axis) {
            case 0 -> (word >>> 21) / 2047.0;
            case 1 -> (word >>> 11 & 1023) / 1023.0;
            default -> (word & 2047) / 2047.0;
        };
    }

    /** All components but the largest with ten bits each; the top two bits say which of w, x, y, z that is. */
    private static void rotation(int word, float[] quaternions, int i) {
        int largest = word >>> 30;
        int shift = 20;
        double left = 1;
        for (int k = 0; k < 4; k++) {
            if (k != largest) {
                double value = ((word >>> shift & 1023) / 1023.0 - 0.5) * Math.sqrt(2);
                quaternions[4 * i + k] = (float) value;
                left -= value * value;
                shift -= 10;
            }
        }
        quaternions[4 * i + largest] = (float) Math.sqrt(Math.max(0, left));
    }

    private void harmonics(Gaussians g, Element sh, int perChannel) throws IOException {
        int[] offsets = new int[3 * perChannel];
        for (int k = 0; k < offsets.length; k++) {
            offsets[k] = offset(sh, "f_rest_" + k, Type.UINT8);
        }
        ByteBuffer row = row(sh);
        for (int i = 0; i < g.count(); i++) {
            fill(row, sh);
            for (int c = 0; c < 3; c++) {
                for (int k = 0; k < perChannel; k++) {
                    int level = row.get(offsets[c * perChannel + k]) & 0xff;
                    // The outermost levels stand for the ends of the range, the others for the middles of 256 bins.
                    double fraction = level == 0 ? 0 : level == 255 ? 1 : (level + 0.5) / 256;
                    g.sh()[3 * (Gaussians.SH_COEFFICIENTS * i + 1 + k) + c] = (float) (8 * (fraction - 0.5));
                }
            }
        }
    }

    private static ByteBuffer row(Element element) {
        return ByteBuffer.allocate((int) element.bytesPerRow()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fill(ByteBuffer row, Element element) throws IOException {
        if (in.readNBytes(row.array(), 0, row.capacity()) < row.capacity()) {
            throw new EOFException(file + ": the file ends before the last row of '" + element.name()
                    + "'; it is cut off, copy it again");
        }
    }

    private int offset(Element element, String name, Type type) throws IOException {
        int at = 0;
        for (Property property : element.properties()) {
            if (property.name().equals(name) && property.type() == type && !property.isList()) {
                return at;
            }
            at += property.type().bytes();
        }
        throw new IOException(file + ": the compressed PLY has no property " + name + " of type "
                + type.name().toLowerCase(java.util.Locale.ROOT) + " in '" + element.name()
                + "'; export the splats again");
    }
}
