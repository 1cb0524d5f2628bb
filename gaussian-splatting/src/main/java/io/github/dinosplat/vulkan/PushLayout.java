package io.github.dinosplat.vulkan;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the components of a record of push constants lie, by the rules of the scalar block layout. */
final class PushLayout {

    /** What every device grants. */
    static final int LIMIT = 128;

    /** One component: its place in bytes, and for a buffer what is done with it. */
    record Field(String name, Class<?> type, int offset, int bytes, Optional<Access> access, Method accessor) {}

    private final List<Field> fields;
    private final int bytes;

    private PushLayout(List<Field> fields, int bytes) {
        this.fields = List.copyOf(fields);
        this.bytes = bytes;
    }

    /**
     * Lays out a record.
     *
     * @throws IllegalArgumentException if a component has a type that has no place in push constants, a buffer does not
     *     say how it is used, or there are more than 128 bytes
     */
    static PushLayout of(Class<? extends Record> type) {
        List<Field> fields = new ArrayList<>();
        int end = 0;
        for (RecordComponent component : type.getRecordComponents()) {
            boolean buffer = component.getType() == DeviceBuffer.class || component.getType() == BufferRange.class;
            if (!buffer && component.getType() != int.class && component.getType() != float.class) {
                throw new IllegalArgumentException("push constants are int, float, DeviceBuffer or BufferRange but "
                        + label(type, component) + " is " + component.getType().getSimpleName());
            }
            int size = buffer ? Long.BYTES : Integer.BYTES;
            int offset = (end + size - 1) / size * size;
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            fields.add(new Field(
                    component.getName(),
                    component.getType(),
                    offset,
                    size,
                    buffer ? Optional.of(access(type, component)) : Optional.empty(),
                    accessor));
            end = offset + size;
        }
        if (end > LIMIT) {
            throw new IllegalArgumentException(
                    "push constants must be at most " + LIMIT + " bytes but " + type.getSimpleName() + " has " + end);
        }
        return new PushLayout(fields, end);
    }

    private static Access access(Class<?> type, RecordComponent component) {
        List<Access> declared = new ArrayList<>();
        if (component.isAnnotationPresent(Reads.class)) {
            declared.add(Access.READ);
        }
        if (component.isAnnotationPresent(Writes.class)) {
            declared.add(Access.WRITE);
        }
        if (component.isAnnotationPresent(Updates.class)) {
            declared.add(Access.UPDATE);
        }
        if (declared.size() != 1) {
            throw new IllegalArgumentException(
                    label(type, component) + " must have one of @Reads, @Writes, @Updates but has " + declared.size());
        }
        return declared.get(0);
    }

    private static String label(Class<?> type, RecordComponent component) {
        return type.getSimpleName() + "." + component.getName();
    }

    List<Field> fields() {
        return fields;
    }

    int bytes() {
        return bytes;
    }

    /** Writes the values at their places and adds each buffer with its use to a list. */
    void write(Record push, ByteBuffer target, List<BufferUse> uses) {
        for (Field field : fields) {
            Object value = value(push, field);
            if (value instanceof DeviceBuffer buffer) {
                target.putLong(field.offset(), buffer.address());
                uses.add(new BufferUse(buffer, field.access().orElseThrow()));
            } else if (value instanceof BufferRange range) {
                target.putLong(field.offset(), range.buffer().address() + range.offset());
                uses.add(new BufferUse(range.buffer(), field.access().orElseThrow()));
            } else if (value instanceof Integer number) {
                target.putInt(field.offset(), number);
            } else {
                target.putFloat(field.offset(), (Float) value);
            }
        }
    }

    private static Object value(Record push, Field field) {
        try {
            Object value = field.accessor().invoke(push);
            if (value == null) {
                throw new IllegalArgumentException(push.getClass().getSimpleName() + "." + field.name() + " is null");
            }
            return value;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("can't read " + field.accessor(), e);
        }
    }
}
