package io.github.dinosplat.scene.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A little-endian file whose counts are checked against what is left of it before anything is allocated. */
final class BinaryInput implements AutoCloseable {

    private static final int MAX_NAME_BYTES = 4096;

    private final Path path;
    private final InputStream in;
    private final long size;
    private long position;
    private final byte[] word = new byte[8];

    BinaryInput(Path path) throws IOException {
        this.path = path;
        this.size = Files.size(path);
        this.in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    }

    int readByte() throws IOException {
        fill(1);
        return word[0] & 0xff;
    }

    int readInt() throws IOException {
        return (int) readWord(4);
    }

    long readUnsignedInt() throws IOException {
        return readWord(4);
    }

    long readLong() throws IOException {
        return readWord(8);
    }

    double readDouble() throws IOException {
        return Double.longBitsToDouble(readWord(8));
    }

    /** A 64-bit count of items that take at least some bytes each. */
    int readCount(String what, int leastBytes) throws IOException {
        long at = position;
        long count = readLong();
        if (count < 0 || count > (size - position) / leastBytes) {
            throw new IOException(path + ": byte " + at + " announces " + Long.toUnsignedString(count) + " " + what
                    + " but only " + (size - position) + " bytes follow: the file is damaged, export it again");
        }
        return Math.toIntExact(count);
    }

    /** A name that ends with a zero byte. */
    String readName() throws IOException {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (int b = readByte(); b != 0; b = readByte()) {
            name.write(b);
            if (name.size() > MAX_NAME_BYTES) {
                throw new IOException(path + ": has a name of more than " + MAX_NAME_BYTES + " bytes before byte "
                        + position + ": the file is damaged, export it again");
            }
        }
        return name.toString(StandardCharsets.UTF_8);
    }

    void skip(long bytes) throws IOException {
        in.skipNBytes(bytes);
        position += bytes;
    }

    void requireEnd() throws IOException {
        if (position != size) {
            throw new IOException(path + ": has " + (size - position) + " bytes after its end at byte " + position
                    + ": the file is damaged, export it again");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private long readWord(int bytes) throws IOException {
        fill(bytes);
        long value = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            value = (value << 8) | (word[i] & 0xff);
        }
        return value;
    }

    private void fill(int bytes) throws IOException {
        if (in.readNBytes(word, 0, bytes) != bytes) {
            throw new IOException(path + ": ends at byte " + size + " in the middle of a value: the file is truncated,"
                    + " copy or export it again");
        }
        position += bytes;
    }
}
