package io.github.dinosplat.splat.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The records of vendors in an SPZ file: type, length, content. One of them changes what the numbers mean, namely Adobe's
 * that names the axes; the others are passed over.
 */
final class SpzExtensions {

    private static final int COORDINATE_SYSTEM = 0xADBE0003;

    /** The axes by their number in the record, right-down-forward being ours. */
    private static final String[] AXES = {"RUB", "LDB", "RDB", "LUB", "RUB", "LDF", "RDF", "LUF", "RUF"};

    private SpzExtensions() {}

    /** Which axes of the file point the other way than ours. */
    static AxisFlips axes(Path file, byte[] bytes, int from, int length) throws IOException {
        ByteBuffer records = ByteBuffer.wrap(bytes, from, length).order(ByteOrder.LITTLE_ENDIAN);
        while (records.remaining() >= 8) {
            int type = records.getInt();
            long content = Integer.toUnsignedLong(records.getInt());
            if (content > records.remaining()) {
                throw new IOException(file + ": an extension of the SPZ announces " + content + " bytes where "
                        + records.remaining() + " are left; the file is damaged, copy it again");
            }
            if (type == COORDINATE_SYSTEM && content >= 4) {
                return flips(file, records.getInt(records.position()));
            }
            records.position(records.position() + (int) content);
        }
        return AxisFlips.BETWEEN_RUB_AND_RDF;
    }

    private static AxisFlips flips(Path file, int number) throws IOException {
        if (number < 0 || number >= AXES.length) {
            throw new IOException(file + ": the SPZ has its own coordinate system, number " + number
                    + ", with axes exchanged; save it as right-up-back");
        }
        String axes = AXES[number];
        return new AxisFlips(axes.charAt(0) == 'L', axes.charAt(1) == 'U', axes.charAt(2) == 'B');
    }
}
