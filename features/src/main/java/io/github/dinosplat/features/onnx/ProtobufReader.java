package io.github.dinosplat.features.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protobuf message. Nothing is copied but what is asked for, and every length is compared with
 * what is left of the message before it is used.
 */
final class ProtobufReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private final ByteBuffer bytes;
    private int field;
    private int wireType;
    private int start;
    private long number;
    private ByteBuffer content;

    ProtobufReader(ByteBuffer message) {
        this.bytes = message.duplicate();
        this.content = message.slice(0, 0);
    }

    /**
     * Goes to the next field.
     *
     * @return false at the end of the message
     * @throws IOException if the message is damaged there
     */
    boolean next() throws IOException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        start = bytes.position();
        long key = varint();
        field = (int) (key >>> 3);
        wireType = (int) (key & 7);
        if (key >>> 3 == 0 || key >>> 3 > 0x1fffffff) {
            throw damaged("a field number that cannot be");
        }
        switch (wireType) {
            case VARINT -> number = varint();
            case FIXED64 -> take(8);
            case FIXED32 -> take(4);
            case LENGTH_DELIMITED -> take(varint());
            default -> throw damaged("the wire type " + wireType);
        }
        return true;
    }

    int field() {
        return field;
    }

    boolean isMessage() {
        return wireType == LENGTH_DELIMITED;
    }

    boolean isNumber() {
        return wireType == VARINT;
    }

    boolean isFixed32() {
        return wireType == FIXED32;
    }

    /** The value of a field of four bytes. */
    float float32() {
        return content.duplicate().order(ByteOrder.LITTLE_ENDIAN).getFloat(0);
    }

    /** The value of a varint field. */
    long number() {
        return number;
    }

    /** The content of a field that has bytes: a message, a text or an array. */
    ByteBuffer content() {
        return content.duplicate();
    }

    /** The content as text; malformed characters are replaced. */
    String text() {
        return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
    }

    /** The whole field with its key, to be copied as it is. */
    ByteBuffer raw() {
        return bytes.slice(start, bytes.position() - start);
    }

    private void take(long length) throws IOException {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + bytes.remaining() + " are left");
        }
        content = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw damaged("a number that is cut off");
            }
            byte b = bytes.get();
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    private IOException damaged(String what) {
        return new IOException("byte " + start + " of a message of " + bytes.limit() + " bytes has " + what);
    }
}
