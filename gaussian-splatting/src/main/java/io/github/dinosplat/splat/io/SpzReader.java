package io.github.dinosplat.splat.io;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.github.dinosplat.splat.Gaussians;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * SPZ files (Niantic): versions 2 and 3, which are one gzip stream, and version 4, whose arrays are a zstd stream each.
 * Memory is taken for what is really in the file, not for what its head announces.
 */
final class SpzReader {

    private static final String[] ARRAYS = {
        "positions", "opacities", "colours", "scales", "rotations", "spherical harmonics"
    };

    /** No gzip stream grows by more than this. */
    private static final long MOST_GROWTH = 1032;

    private static final int HEAD_OF_VERSION_4 = 32;
    private static final int TABLE_ENTRY = 16;

    private final Path file;
    private final long size;

    private SpzReader(Path file, long size) {
        this.file = file;
        this.size = size;
    }

    /** Whether a file that starts so may be SPZ: its own mark, or that of gzip. */
    static boolean isSpz(byte[] start) {
        boolean gzip = start.length >= 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
        return gzip
                || (start.length >= 4
                        && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt() == SpzHeader.MAGIC);
    }

    static StoredSplats read(Path file) throws IOException {
        SpzReader reader = new SpzReader(file, Files.size(file));
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            in.mark(SpzHeader.BYTES);
            byte[] start = in.readNBytes(SpzHeader.BYTES);
            in.reset();
            if (start.length >= 2 && start[0] == 0x1f) {
                try (InputStream unpacked = new BufferedInputStream(new GZIPInputStream(in), 1 << 16)) {
                    return reader.oneStream(unpacked, MOST_GROWTH);
                }
            }
            return start.length >= 5 && start[4] == 4 ? reader.manyStreams(in) : reader.oneStream(in, 1);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(file.toString())
                    ? e
                    : new IOException(file + ": the SPZ is cut off or damaged (" + message + "); copy it again", e);
        }
    }

    private StoredSplats oneStream(InputStream in, long mostGrowth) throws IOException {
        SpzHeader header = SpzHeader.read(file, exactly(in, SpzHeader.BYTES, "head"));
        if (header.version() == 4) {
            throw damaged("version 4 inside a gzip stream");
        }
        int[] strides = header.strides();
        long bytes = 0;
        for (int stride : strides) {
            bytes += (long) stride * header.count();
        }
        if (bytes / mostGrowth > size) {
            throw damaged(header.count() + " splats do not fit the file's size of " + size + " bytes");
        }
        byte[][] arrays = new byte[strides.length][];
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] =
                    exactly(in, (long) strides[i] * header.count(), ARRAYS[i]).array();
        }
        byte[] rest = in.readNBytes(header.hasExtensions() ? 1 << 16 : 1);
        if (!header.hasExtensions() && rest.length > 0) {
            throw damaged("there are bytes after the last of " + header.count() + " splats");
        }
        Gaussians gaussians = new SpzSplats(header, arrays).gaussians(SpzExtensions.axes(file, rest, 0, rest.length));
        return new StoredSplats(gaussians, header.mip());
    }

    private StoredSplats manyStreams(InputStream in) throws IOException {
        ByteBuffer head = exactly(in, HEAD_OF_VERSION_4, "head");
        SpzHeader header = SpzHeader.read(file, head);
        int[] strides = header.strides();
        int streams = header.last();
        long tableAt = Integer.toUnsignedLong(head.getInt(16));
        int wanted = header.shDegree() == 0 && streams == strides.length - 1 ? streams : strides.length;
        if (streams < wanted) {
            throw damaged(streams + " compressed streams, " + wanted + " are needed");
        }
        if (tableAt < HEAD_OF_VERSION_4 || tableAt + (long) TABLE_ENTRY * streams > size) {
            throw damaged("a table at byte " + tableAt + " of " + size);
        }
        byte[] extensions =
                exactly(in, tableAt - HEAD_OF_VERSION_4, "extensions").array();
        ByteBuffer table = exactly(in, (long) TABLE_ENTRY * streams, "table");
        byte[][] arrays = new byte[strides.length][0];
        long left = size - tableAt - (long) TABLE_ENTRY * streams;
        for (int i = 0; i < wanted; i++) {
            long packed = table.getLong(TABLE_ENTRY * i);
            long unpacked = table.getLong(TABLE_ENTRY * i + 8);
            long expected = (long) strides[i] * header.count();
            if (packed < 0 || packed > left || unpacked != expected) {
                throw damaged("the stream of " + ARRAYS[i] + " has " + packed + " bytes of " + left + " for " + unpacked
                        + " values, expected " + expected);
            }
            left -= packed;
            arrays[i] = unpacked(exactly(in, packed, ARRAYS[i]).array(), expected, ARRAYS[i]);
        }
        int length = header.hasExtensions() ? extensions.length : 0;
        Gaussians gaussians = new SpzSplats(header, arrays).gaussians(SpzExtensions.axes(file, extensions, 0, length));
        return new StoredSplats(gaussians, header.mip());
    }

    private byte[] unpacked(byte[] packed, long expected, String what) throws IOException {
        try (InputStream in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(packed))) {
            byte[] array = exactly(in, expected, what).array();
            if (expected > 0 && in.read() >= 0) {
                throw damaged("the stream of " + what + " is longer than announced");
            }
            return array;
        }
    }

    /** Reads so many bytes; takes memory as they come. */
    private ByteBuffer exactly(InputStream in, long bytes, String what) throws IOException {
        if (bytes > Integer.MAX_VALUE - 16) {
            throw new IOException(
                    file + ": " + bytes + " bytes of " + what + " are more than an array holds; split the file");
        }
        byte[] array = in.readNBytes((int) bytes);
        if (array.length < bytes) {
            throw damaged("the " + what + " end after " + array.length + " of " + bytes + " bytes");
        }
        return ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    }

    private IOException damaged(String what) {
        return new IOException(file + ": " + what + "; the SPZ is cut off or damaged, copy it again");
    }
}
