package io.github.dinosplat.features.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes one protobuf message field by field: the few wire types that ONNX models need. */
final class ProtobufWriter {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ProtobufWriter varint(int field, long value) {
        key(field, VARINT);
        raw(value);
        return this;
    }

    ProtobufWriter float32(int field, float value) {
        key(field, FIXED32);
        byte[] b = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(value)
                .array();
        bytes.write(b, 0, 4);
        return this;
    }

    ProtobufWriter bytes(int field, byte[] value) {
        key(field, LENGTH_DELIMITED);
        raw(value.length);
        bytes.write(value, 0, value.length);
        return this;
    }

    /** Key and length of a field whose content follows elsewhere. */
    ProtobufWriter head(int field, int length) {
        key(field, LENGTH_DELIMITED);
        raw(length);
        return this;
    }

    ProtobufWriter string(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtobufWriter message(int field, ProtobufWriter value) {
        return bytes(field, value.toByteArray());
    }

    /** Fields that are encoded already. */
    ProtobufWriter raw(ByteBuffer fields) {
        byte[] copy = new byte[fields.remaining()];
        fields.duplicate().get(copy);
        bytes.write(copy, 0, copy.length);
        return this;
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private void key(int field, int wireType) {
        raw((long) field << 3 | wireType);
    }

    private void raw(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
