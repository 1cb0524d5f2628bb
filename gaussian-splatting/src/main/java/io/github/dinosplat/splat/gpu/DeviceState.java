package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.vulkan.BufferRange;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The part of a training state that lives on the device: parameters, Adam's moments, statistics, what photos taught. */
final class DeviceState implements AutoCloseable {

    /** What there is of each Gaussian; a buffer each. */
    enum Part {
        /** [11, stride] centres, logarithms of scales, quaternions and logits, one after the other. */
        SHAPES,
        /** [stride, 16, 3] coefficients of the colours, packed as {@link ColourStorage} says. */
        SH,
        FIRST_SHAPES,
        FIRST_SH,
        SECOND_SHAPES,
        SECOND_SH,
        /** [stride, channels] */
        FIRST_FEATURES,
        SECOND_FEATURES,
        /** [stride] */
        GRADIENT_NORM_SUMS,
        /** [stride] */
        VISIBLE_STEPS,
        /** [stride, channels] */
        FEATURES;

        boolean isMoments() {
            return ordinal() >= FIRST_SHAPES.ordinal() && ordinal() <= SECOND_FEATURES.ordinal();
        }

        boolean isStatistic() {
            return this == GRADIENT_NORM_SUMS || this == VISIBLE_STEPS;
        }
    }

    /** A stretch of a buffer in which every Gaussian has the same number of words, one Gaussian after the other. */
    record Rows(long offset, int width) {

        BufferRange in(DeviceBuffer buffer, int count) {
            return buffer.range(offset, 4L * width * count);
        }
    }

    /** Counts are rounded up to this, so that every part of a buffer begins at a multiple of 16 bytes. */
    private static final int ROUND = 64;

    private static final int CHUNK_FLOATS = 1 << 18;

    private final VulkanContext context;
    private final ColourStorage colours;
    private final Map<Part, DeviceBuffer> buffers = new EnumMap<>(Part.class);
    private final LearntPhotos photos;
    final int featureChannels;
    private int count;
    private int stride;

    private DeviceState(VulkanContext context, ColourStorage colours, TrainingState state) {
        this.context = context;
        this.colours = colours;
        this.featureChannels = state.gaussians().featureChannels();
        this.count = state.gaussians().count();
        this.stride = strideFor(count);
        this.photos = LearntPhotos.upload(context, state.photos());
        try {
            for (Part part : Part.values()) {
                buffers.put(part, buffer(part, stride));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int strideFor(int count) {
        return Math.max(1, (count + ROUND - 1) / ROUND) * ROUND;
    }

    private DeviceBuffer buffer(Part part, int room) {
        long words = 0;
        for (Rows rows : rows(part, room)) {
            words += rows.width();
        }
        return context.buffer(part.name(), 4 * words * room);
    }

    /** The rows of a part, where buffers have room for so many Gaussians. */
    private List<Rows> rows(Part part, int room) {
        return switch (part) {
            case SHAPES, FIRST_SHAPES, SECOND_SHAPES ->
                List.of(new Rows(0, 3), new Rows(12L * room, 3), new Rows(24L * room, 4), new Rows(40L * room, 1));
            case SH, FIRST_SH, SECOND_SH -> List.of(new Rows(0, colours.words()));
            case GRADIENT_NORM_SUMS, VISIBLE_STEPS -> List.of(new Rows(0, 1));
            case FEATURES, FIRST_FEATURES, SECOND_FEATURES -> List.of(new Rows(0, featureChannels));
        };
    }

    /** How many Gaussians there are. */
    int count() {
        return count;
    }

    /** How many the buffers have room for, which says where their stretches begin. */
    int stride() {
        return stride;
    }

    DeviceBuffer get(Part part) {
        DeviceBuffer buffer = buffers.get(part);
        if (buffer == null) {
            throw new IllegalStateException("the state is closed");
        }
        return buffer;
    }

    LearntPhotos photos() {
        return photos;
    }

    /** The logits of the opacities, [count]. */
    BufferRange logits() {
        return get(Part.SHAPES).range(40L * stride, 4L * count);
    }

    /** Fills rows of a new buffer from those of an old one. */
    interface Move {
        void move(Part part, BufferRange from, BufferRange to, int width);
    }

    /**
     * Replaces all buffers, one after the other, so that at most the largest part exists twice. Statistics start anew.
     *
     * @param newCount how many Gaussians there are afterwards
     * @param move puts what is kept in its new place, and waits for it
     */
    void rebuild(int newCount, Move move) {
        int newStride = strideFor(newCount);
        for (Part part : Part.values()) {
            DeviceBuffer from = get(part);
            DeviceBuffer to = buffer(part, newStride);
            try {
                if (part.isStatistic()) {
                    context.run("statistics", recorder -> recorder.fill(to, 0));
                } else {
                    List<Rows> before = rows(part, stride);
                    List<Rows> after = rows(part, newStride);
                    for (int k = 0; k < before.size(); k++) {
                        Rows rows = after.get(k);
                        move.move(part, before.get(k).in(from, count), rows.in(to, newCount), rows.width());
                    }
                }
            } catch (RuntimeException e) {
                to.close();
                throw e;
            }
            buffers.put(part, to);
            from.close();
        }
        count = newCount;
        stride = newStride;
    }

    /** Copies a state to the device. */
    static DeviceState upload(VulkanContext context, ColourStorage colours, TrainingState state) {
        DeviceState device = new DeviceState(context, colours, state);
        try {
            device.write(Part.SHAPES, Part.SH, state.gaussians());
            device.write(Part.FIRST_SHAPES, Part.FIRST_SH, state.firstMoments());
            device.write(Part.SECOND_SHAPES, Part.SECOND_SH, state.secondMoments());
            write(device.get(Part.GRADIENT_NORM_SUMS), 0, state.gradientNormSums(), Packing.FLOATS);
            device.get(Part.VISIBLE_STEPS).write(state.visibleSteps());
            write(device.get(Part.FEATURES), 0, state.gaussians().features(), Packing.FLOATS);
            write(device.get(Part.FIRST_FEATURES), 0, state.firstMoments().features(), Packing.FLOATS);
            write(device.get(Part.SECOND_FEATURES), 0, state.secondMoments().features(), Packing.FLOATS);
            return device;
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    /** Copies what the device holds into a state of the same count. */
    void download(TrainingState state) {
        read(Part.SHAPES, Part.SH, state.gaussians());
        read(Part.FIRST_SHAPES, Part.FIRST_SH, state.firstMoments());
        read(Part.SECOND_SHAPES, Part.SECOND_SH, state.secondMoments());
        read(get(Part.GRADIENT_NORM_SUMS), 0, state.gradientNormSums(), Packing.FLOATS);
        System.arraycopy(get(Part.VISIBLE_STEPS).readInts(count), 0, state.visibleSteps(), 0, count);
        read(get(Part.FEATURES), 0, state.gaussians().features(), Packing.FLOATS);
        read(get(Part.FIRST_FEATURES), 0, state.firstMoments().features(), Packing.FLOATS);
        read(get(Part.SECOND_FEATURES), 0, state.secondMoments().features(), Packing.FLOATS);
        photos.download(state.photos());
    }

    private static float[][] arrays(Gaussians cloud) {
        return new float[][] {cloud.means(), cloud.logScales(), cloud.quaternions(), cloud.logitOpacities()};
    }

    private void write(Part shapes, Part sh, Gaussians cloud) {
        List<Rows> rows = rows(shapes, stride);
        for (int k = 0; k < rows.size(); k++) {
            write(get(shapes), rows.get(k).offset(), arrays(cloud)[k], Packing.FLOATS);
        }
        write(get(sh), 0, cloud.sh(), packing(sh));
    }

    private void read(Part shapes, Part sh, Gaussians cloud) {
        List<Rows> rows = rows(shapes, stride);
        for (int k = 0; k < rows.size(); k++) {
            read(get(shapes), rows.get(k).offset(), arrays(cloud)[k], Packing.FLOATS);
        }
        read(get(sh), 0, cloud.sh(), packing(sh));
    }

    private Packing packing(Part sh) {
        return sh.isMoments() ? colours.ofMoments() : colours.ofCoefficients();
    }

    private static void write(DeviceBuffer buffer, long offset, float[] values, Packing packing) {
        ByteBuffer chunk = chunk(values.length);
        for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - at);
            packing.put(chunk, values, at, n);
            buffer.write(offset + (long) packing.bytes() * at, whole(chunk, packing.bytes() * n));
        }
    }

    private static void read(DeviceBuffer buffer, long offset, float[] values, Packing packing) {
        ByteBuffer chunk = chunk(values.length);
        for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - at);
            buffer.read(offset + (long) packing.bytes() * at, whole(chunk, packing.bytes() * n));
            packing.get(chunk, values, at, n);
        }
    }

    private static ByteBuffer whole(ByteBuffer chunk, int bytes) {
        return chunk.duplicate().order(ByteOrder.nativeOrder()).limit(bytes);
    }

    private static ByteBuffer chunk(int floats) {
        return ByteBuffer.allocateDirect(4 * Math.min(CHUNK_FLOATS, Math.max(1, floats)))
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        List<DeviceBuffer> all = new ArrayList<>(buffers.values());
        buffers.clear();
        all.forEach(DeviceBuffer::close);
        photos.close();
    }
}
