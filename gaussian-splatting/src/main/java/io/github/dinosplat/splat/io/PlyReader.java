package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.io.PlyHeader.Element;
import io.github.dinosplat.splat.io.PlyHeader.Encoding;
import io.github.dinosplat.splat.io.PlyHeader.Property;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads one splat file in the 3DGS layout by the names of its properties; single splats with values that are no numbers are left out. */
final class PlyReader {

    private static final System.Logger LOG = System.getLogger(PlyReader.class.getName());

    /** The part of a file's splats that may be unusable. */
    private static final double MOST_LEFT_OUT = 0.01;

    private final Path file;
    private final PlyHeader header;
    private final Element vertex;
    private final InputStream in;

    private PlyReader(Path file, PlyHeader header, Element vertex, InputStream in) {
        this.file = file;
        this.header = header;
        this.vertex = vertex;
        this.in = in;
    }

    static StoredSplats read(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            PlyHeader header = PlyHeader.read(file, in);
            Optional<Element> vertex = header.elements().stream()
                    .filter(e -> e.name().equals("vertex"))
                    .findFirst();
            if (vertex.isEmpty()) {
                throw new IOException(file + ": the PLY has no element 'vertex'; give a 3DGS .ply");
            }
            PlyReader reader = new PlyReader(file, header, vertex.get(), in);
            reader.checkSize(size);
            if (CompressedPly.is(vertex.get())) {
                return new StoredSplats(CompressedPly.read(file, header, in), header.mip());
            }
            reader.skipBefore();
            return new StoredSplats(reader.rows(), header.mip());
        }
    }

    private void checkSize(long size) throws IOException {
        if (vertex.hasLists()) {
            throw new IOException(file + ": element 'vertex' has a list property; give a 3DGS .ply");
        }
        long left = size - header.bytes();
        boolean exact = header.encoding() != Encoding.ASCII;
        for (Element element : header.elements()) {
            // A digit and a separator is the least that a value takes in a text file.
            long row = exact ? element.bytesPerRow() : 2L * element.properties().size();
            boolean tooMany = row > 0 && element.count() > Math.max(left, 0) / row + (exact ? 0 : 1);
            if (tooMany && !element.hasLists()) {
                throw new IOException(file + ": " + element.count() + " rows of '" + element.name()
                        + "' do not fit the file's size of " + size + " bytes; the file is cut off or damaged");
            }
            exact &= !element.hasLists();
            left -= element.count() * row;
            if (element == vertex && element.hasLists()) {
                return;
            }
        }
        if (exact && left != 0) {
            throw new IOException(file + ": " + left + " bytes too many for " + vertex.count()
                    + " splats; the file is damaged, export it again");
        }
    }

    private void skipBefore() throws IOException {
        for (Element element : header.elements()) {
            if (element == vertex) {
                return;
            }
            if (element.hasLists()) {
                throw new IOException(file + ": element '" + element.name()
                        + "' before 'vertex' has a list property; export the splats again as a 3DGS .ply");
            }
            if (header.encoding() == Encoding.ASCII) {
                for (long i = 0; i < element.count() * element.properties().size(); i++) {
                    word();
                }
            } else {
                in.skipNBytes(element.count() * element.bytesPerRow());
            }
        }
    }

    private Gaussians rows() throws IOException {
        Columns columns = new Columns(vertex.properties());
        Gaussians gaussians = Gaussians.zeros(SplatLimits.require(file, vertex.count()), columns.degree);
        int properties = vertex.properties().size();
        float[] row = new float[properties];
        byte[] bytes = new byte[(int) vertex.bytesPerRow()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(header.encoding().byteOrder());
        int kept = 0;
        for (int i = 0; i < gaussians.count(); i++) {
            if (header.encoding() == Encoding.ASCII) {
                for (int p = 0; p < properties; p++) {
                    row[p] = number(word());
                }
            } else {
                if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                    throw cutOff();
                }
                decode(buffer, row);
            }
            Optional<String> fault = columns.fault(row);
            if (fault.isEmpty()) {
                columns.store(row, gaussians, kept++);
            } else {
                leaveOut(fault.get(), i, i + 1 - kept);
            }
        }
        return kept == gaussians.count()
                ? gaussians
                : gaussians.select(IntStream.range(0, kept).toArray());
    }

    /** Trainers leave a splat here and there whose values ran away; more than a few are a damaged file. */
    private void leaveOut(String fault, int splat, int leftOut) throws IOException {
        if (leftOut > MOST_LEFT_OUT * vertex.count()) {
            throw new IOException(file + ": " + fault + " in splat " + splat + "; remove such splats and export again");
        }
        LOG.log(Level.WARNING, "{0}: {1} in splat {2}, which is left out", file, fault, splat);
    }

    private void decode(ByteBuffer buffer, float[] row) {
        int at = 0;
        List<Property> properties = vertex.properties();
        for (int p = 0; p < row.length; p++) {
            PlyHeader.Type type = properties.get(p).type();
            row[p] = switch (type) {
                case FLOAT32 -> buffer.getFloat(at);
                case FLOAT64 -> (float) buffer.getDouble(at);
                case INT8 -> buffer.get(at);
                case UINT8 -> buffer.get(at) & 0xff;
                case INT16 -> buffer.getShort(at);
                case UINT16 -> buffer.getShort(at) & 0xffff;
                case INT32 -> buffer.getInt(at);
                case UINT32 -> buffer.getInt(at) & 0xffffffffL;
            };
            at += type.bytes();
        }
    }

    private String word() throws IOException {
        int b = in.read();
        while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            b = in.read();
        }
        StringBuilder word = new StringBuilder();
        while (b > ' ' && word.length() < 64) {
            word.append((char) b);
            b = in.read();
        }
        if (word.length() == 0) {
            throw cutOff();
        }
        return word.toString();
    }

    private float number(String word) throws IOException {
        try {
            return Float.parseFloat(word);
        } catch (NumberFormatException e) {
            throw new IOException(file + ": '" + word.replaceAll("[^\\x20-\\x7e]", "?")
                    + "' is not a number; the file is damaged, export it again");
        }
    }

    private EOFException cutOff() {
        return new EOFException(file + ": the file ends before the last of " + vertex.count()
                + " splats; it is cut off, copy it again");
    }

    /** Where the parameters lie in a row. */
    private final class Columns {

        private static final int NO_COLUMN = -1;

        private final Map<String, Integer> byName = new HashMap<>();
        private final int[] mean;
        private final int[] logScale;
        private final int[] quaternion;
        private final int opacity;
        /** Column of coefficient k and channel c at 3 k + c. */
        private final int[] sh;

        private final int degree;

        Columns(List<Property> properties) throws IOException {
            int rest = 0;
            for (int i = 0; i < properties.size(); i++) {
                String name = properties.get(i).name();
                byName.put(name, i);
                rest += name.startsWith("f_rest_") ? 1 : 0;
            }
            degree = switch (rest) {
                case 0 -> 0;
                case 9 -> 1;
                case 24 -> 2;
                case 45 -> 3;
                default ->
                    throw new IOException(file + ": " + rest + " f_rest properties; spherical harmonics up to"
                            + " degree 3 have 0, 9, 24 or 45: export with such a degree");
            };
            mean = columns("x", "y", "z");
            logScale = columns("scale_0", "scale_1", "scale_2");
            quaternion = columns("rot_0", "rot_1", "rot_2", "rot_3");
            opacity = columns("opacity")[0];
            int perChannel = rest / 3;
            sh = new int[3 * (1 + perChannel)];
            for (int c = 0; c < 3; c++) {
                sh[c] = columns("f_dc_" + c)[0];
                for (int k = 0; k < perChannel; k++) {
                    sh[3 * (1 + k) + c] = columns("f_rest_" + (c * perChannel + k))[0];
                }
            }
        }

        private int[] columns(String... names) throws IOException {
            int[] found = new int[names.length];
            for (int i = 0; i < names.length; i++) {
                found[i] = byName.getOrDefault(names[i], NO_COLUMN);
                if (found[i] == NO_COLUMN) {
                    throw new IOException(file + ": property " + names[i]
                            + " is missing; a 3DGS .ply has x, f_dc_0, opacity, scale_0, rot_0 and their kin");
                }
            }
            return found;
        }

        /** What makes a splat unusable, if anything. */
        Optional<String> fault(float[] row) {
            float norm = 0;
            for (int k = 0; k < 4; k++) {
                norm += row[quaternion[k]] * row[quaternion[k]];
            }
            for (int[] group : new int[][] {mean, logScale, quaternion, sh}) {
                for (int column : group) {
                    if (!Float.isFinite(row[column])) {
                        return Optional.of(vertex.properties().get(column).name() + " is " + row[column]);
                    }
                }
            }
            if (!(norm > 0) || Float.isInfinite(norm)) {
                return Optional.of("a rotation of length " + norm);
            }
            // An opacity of exactly 0 or 1 is stored as an infinite logit by some tools.
            return Float.isNaN(row[opacity]) ? Optional.of("opacity is NaN") : Optional.empty();
        }

        void store(float[] row, Gaussians g, int i) {
            for (int k = 0; k < 3; k++) {
                g.means()[3 * i + k] = row[mean[k]];
                g.logScales()[3 * i + k] = row[logScale[k]];
            }
            for (int k = 0; k < 4; k++) {
                g.quaternions()[4 * i + k] = row[quaternion[k]];
            }
            g.logitOpacities()[i] = row[opacity];
            for (int k = 0; k < sh.length; k++) {
                g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k] = row[sh[k]];
            }
        }
    }
}
