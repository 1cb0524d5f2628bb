package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The {@code .splat} files of web viewers: 32 bytes for each splat and nothing else. Position and scale (linear) as three
 * floats each, red, green, blue and opacity as bytes, rotation w, x, y, z as bytes of {@code 128 + 128 q}. Colours do not
 * depend on the direction.
 */
final class DotSplat {

    private static final int RECORD = 32;

    private DotSplat() {}

    static Gaussians read(Path file) throws IOException {
        long size = Files.size(file);
        if (size == 0 || size % RECORD != 0) {
            throw new IOException(file + ": " + size + " bytes are no whole number of .splat records of " + RECORD
                    + " bytes; the file is cut off or of another kind");
        }
        int count = SplatLimits.require(file, size / RECORD);
        Gaussians g = Gaussians.zeros(count, 0);
        ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (int i = 0; i < count; i++) {
                if (in.readNBytes(record.array(), 0, RECORD) < RECORD) {
                    throw new EOFException(file + ": the file ends before the last of " + count + " splats");
                }
                decode(record, g, i);
                check(file, record, i);
            }
        }
        return g;
    }

    private static void check(Path file, ByteBuffer record, int i) throws IOException {
        for (int k = 0; k < 6; k++) {
            float value = record.getFloat(4 * k);
            if (!Float.isFinite(value) || (k >= 3 && value < 0)) {
                throw new IOException(file + ": splat " + i + " has a " + (k < 3 ? "position" : "scale") + " of "
                        + value + "; remove such splats and export again, or the file is of another kind");
            }
        }
    }

    private static void decode(ByteBuffer record, Gaussians g, int i) {
        for (int k = 0; k < 3; k++) {
            g.means()[3 * i + k] = record.getFloat(4 * k);
            g.logScales()[3 * i + k] = SplatValues.logScale(record.getFloat(12 + 4 * k));
            g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k] = SplatValues.coefficient(unsigned(record, 24 + k) / 255.0);
        }
        g.logitOpacities()[i] = SplatValues.logit(unsigned(record, 27) / 255.0);
        boolean any = false;
        for (int k = 0; k < 4; k++) {
            int value = unsigned(record, 28 + k) - 128;
            g.quaternions()[4 * i + k] = value / 128f;
            any |= value != 0;
        }
        if (!any) {
            g.quaternions()[4 * i] = 1; // A rotation too short for bytes says nothing about itself.
        }
    }

    private static int unsigned(ByteBuffer record, int at) {
        return record.get(at) & 0xff;
    }

    /** Writes splats, the largest and most opaque ones first, because viewers show them while they load. */
    static void write(Gaussians g, OutputStream out) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
        double[] q = new double[4];
        for (int i : byImportance(g)) {
            record.clear();
            for (int k = 0; k < 3; k++) {
                record.putFloat(g.means()[3 * i + k]);
            }
            for (int k = 0; k < 3; k++) {
                record.putFloat((float) Math.exp(g.logScales()[3 * i + k]));
            }
            for (int k = 0; k < 3; k++) {
                double colour = SplatValues.colour(g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k]);
                record.put(SplatValues.unsignedByte(255 * colour));
            }
            record.put(SplatValues.unsignedByte(255 * SplatValues.opacity(g.logitOpacities()[i])));
            SplatValues.unit(g.quaternions(), i, q);
            for (int k = 0; k < 4; k++) {
                record.put(SplatValues.unsignedByte(128 + 128 * q[k]));
            }
            out.write(record.array());
        }
    }

    private static int[] byImportance(Gaussians g) {
        double[] importance = new double[g.count()];
        Integer[] order = new Integer[g.count()];
        for (int i = 0; i < order.length; i++) {
            float[] s = g.logScales();
            importance[i] = (double) s[3 * i]
                    + s[3 * i + 1]
                    + s[3 * i + 2]
                    + Math.log(SplatValues.opacity(g.logitOpacities()[i]));
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble((Integer i) -> -importance[i]));
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }
}
