package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;

/**
 * Writes SPZ version 3, which every viewer with SPZ reads that was updated since 2025; version 4 saves some per cent and
 * is read by few. Positions have as many bits after the point as their extent leaves of 24.
 */
final class SpzWriter {

    /** The usual number; more where coordinates are small, because a scene's unit may be anything. */
    private static final int MOST_FRACTIONAL_BITS = 20;

    private static final int MAGNITUDE_BITS = 23;

    private SpzWriter() {}

    /** Writes splats; {@code name} is for messages. */
    static void write(StoredSplats splats, String name, OutputStream out) throws IOException {
        Gaussians gaussians = splats.gaussians();
        int fractionalBits = fractionalBits(gaussians, name);
        SpzSplats packed = SpzSplats.of(gaussians, fractionalBits, AxisFlips.BETWEEN_RUB_AND_RDF);
        ByteBuffer head = ByteBuffer.allocate(SpzHeader.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        head.putInt(SpzHeader.MAGIC).putInt(3).putInt(gaussians.count());
        head.put((byte) gaussians.shDegree()).put((byte) fractionalBits);
        head.put((byte) (splats.mip() ? SpzHeader.ANTIALIASED : 0));
        GZIPOutputStream gzip = new GZIPOutputStream(out, 1 << 16);
        gzip.write(head.array());
        for (byte[] array : packed.arrays()) {
            gzip.write(array);
        }
        gzip.finish();
    }

    private static int fractionalBits(Gaussians gaussians, String name) throws IOException {
        float most = 0;
        for (float coordinate : gaussians.means()) {
            most = Math.max(most, Math.abs(coordinate));
        }
        int bits = MOST_FRACTIONAL_BITS;
        while (bits >= 0 && !(most * (1 << bits) < (1 << MAGNITUDE_BITS) - 1)) {
            bits--;
        }
        if (bits < 0) {
            throw new IOException(name + ": SPZ has no room for a coordinate of " + most
                    + "; move the splats to the origin first, or write a .ply");
        }
        return bits;
    }
}
