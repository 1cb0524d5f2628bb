package io.github.dinosplat.matching;

import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * The frame of this package's files: a four-letter kind, a version, the caller's key, the length of the content, the content
 * and the CRC-32 of all before it; little-endian. Written atomically; anything else is refused when read.
 */
final class CacheFile {

    private static final int HEAD = 4 + 4 + 8 + 8;

    private CacheFile() {}

    /** An empty content of at most {@code bytes}, to be filled. */
    static ByteBuffer content(long bytes) {
        if (bytes > Integer.MAX_VALUE - HEAD - 64) {
            throw new IllegalArgumentException("content must be below 2 GiB but was " + bytes + " bytes");
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void write(Path path, String kind, int version, long key, ByteBuffer filled) throws IOException {
        ByteBuffer content = filled.flip();
        ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            head.put((byte) kind.charAt(i));
        }
        head.putInt(version).putLong(key).putLong(content.remaining()).flip();
        CRC32 crc = new CRC32();
        crc.update(head.duplicate());
        crc.update(content.duplicate());
        ByteBuffer tail = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        tail.putInt((int) crc.getValue()).flip();
        AtomicFiles.write(path, out -> {
            out.write(head.array(), 0, head.limit());
            out.write(content.array(), 0, content.limit());
            out.write(tail.array(), 0, 4);
        });
    }

    /** The content, if the file is whole, of that kind and version, and was written under that key. */
    static ByteBuffer read(Path path, String kind, int version, long key) throws IOException {
        long size = Files.size(path);
        if (size < HEAD + 4 || size > Integer.MAX_VALUE - 64) {
            throw broken(path, "its length of " + size + " bytes is impossible");
        }
        ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            if (all.get() != (byte) kind.charAt(i)) {
                throw broken(path, "it does not start with " + kind);
            }
        }
        int found = all.getInt();
        if (found != version) {
            throw broken(path, "its version is " + found + ", not " + version);
        }
        long foundKey = all.getLong();
        long length = all.getLong();
        if (length != all.capacity() - HEAD - 4) {
            throw broken(
                    path, "it should hold " + length + " bytes of content but is " + all.capacity() + " bytes long");
        }
        CRC32 crc = new CRC32();
        crc.update(all.array(), 0, all.capacity() - 4);
        if ((int) crc.getValue() != all.getInt(all.capacity() - 4)) {
            throw broken(path, "its checksum does not fit its content");
        }
        if (foundKey != key) {
            throw broken(path, "it was made from another input or with other options");
        }
        return all.slice(HEAD, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    static IOException broken(Path path, String why) {
        return new IOException(path + " cannot be used: " + why + "; delete it and it is made again");
    }
}
