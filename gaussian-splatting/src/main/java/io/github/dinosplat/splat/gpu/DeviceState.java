package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The part of a training state that lives on the device: parameters, Adam's moments, statistics; 716 bytes a Gaussian, and
 * its features where it has some, which are rendered but, as no term of a step's loss looks at them, not moved.
 * A cloud has two buffers: shapes [11, stride] with centres, logarithms of scales, quaternions and logits one after the
 * other, and colours [stride, 16, 3].
 */
final class DeviceState implements AutoCloseable {

    /** Persistent bytes of a Gaussian. */
    static final int BYTES_PER_GAUSSIAN = 4 * (3 * (11 + 3 * Gaussians.SH_COEFFICIENTS) + 2);

    /** Counts are rounded up to this, so that every part of a buffer begins at a multiple of 16 bytes. */
    private static final int ROUND = 64;

    private static final int CHUNK_FLOATS = 1 << 18;

    final int count;
    final int stride;
    final DeviceBuffer shapes;
    final DeviceBuffer sh;
    final DeviceBuffer firstShapes;
    final DeviceBuffer firstSh;
    final DeviceBuffer secondShapes;
    final DeviceBuffer secondSh;
    final DeviceBuffer gradientNormSums;
    final DeviceBuffer visibleSteps;
    final int featureChannels;
    final DeviceBuffer features;
    private final Scope scope;

    private DeviceState(VulkanContext context, Gaussians gaussians, Scope scope) {
        this.count = gaussians.count();
        this.featureChannels = gaussians.featureChannels();
        this.scope = scope;
        stride = Math.max(1, (count + ROUND - 1) / ROUND) * ROUND;
        long shapeBytes = 4L * 11 * stride;
        long shBytes = 4L * 3 * Gaussians.SH_COEFFICIENTS * stride;
        shapes = scope.add(context.buffer("shapes", shapeBytes));
        sh = scope.add(context.buffer("sh", shBytes));
        firstShapes = scope.add(context.buffer("first moments of shapes", shapeBytes));
        firstSh = scope.add(context.buffer("first moments of sh", shBytes));
        secondShapes = scope.add(context.buffer("second moments of shapes", shapeBytes));
        secondSh = scope.add(context.buffer("second moments of sh", shBytes));
        gradientNormSums = scope.add(context.buffer("gradient norm sums", 4L * stride));
        visibleSteps = scope.add(context.buffer("visible steps", 4L * stride));
        features = scope.add(context.buffer("features", 4L * featureChannels * stride));
    }

    /** Copies a state to the device. */
    static DeviceState upload(VulkanContext context, TrainingState state) {
        Scope scope = new Scope();
        try {
            DeviceState device = new DeviceState(context, state.gaussians(), scope);
            device.write(device.shapes, device.sh, state.gaussians());
            device.write(device.firstShapes, device.firstSh, state.firstMoments());
            device.write(device.secondShapes, device.secondSh, state.secondMoments());
            write(device.gradientNormSums, 0, state.gradientNormSums());
            device.visibleSteps.write(state.visibleSteps());
            write(device.features, 0, state.gaussians().features());
            return device;
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** Copies what the device holds into a state of the same count. */
    void download(TrainingState state) {
        read(shapes, sh, state.gaussians());
        read(firstShapes, firstSh, state.firstMoments());
        read(secondShapes, secondSh, state.secondMoments());
        read(gradientNormSums, 0, state.gradientNormSums());
        System.arraycopy(visibleSteps.readInts(count), 0, state.visibleSteps(), 0, count);
    }

    private void write(DeviceBuffer shapeBuffer, DeviceBuffer shBuffer, Gaussians cloud) {
        write(shapeBuffer, 0, cloud.means());
        write(shapeBuffer, 12L * stride, cloud.logScales());
        write(shapeBuffer, 24L * stride, cloud.quaternions());
        write(shapeBuffer, 40L * stride, cloud.logitOpacities());
        write(shBuffer, 0, cloud.sh());
    }

    private void read(DeviceBuffer shapeBuffer, DeviceBuffer shBuffer, Gaussians cloud) {
        read(shapeBuffer, 0, cloud.means());
        read(shapeBuffer, 12L * stride, cloud.logScales());
        read(shapeBuffer, 24L * stride, cloud.quaternions());
        read(shapeBuffer, 40L * stride, cloud.logitOpacities());
        read(shBuffer, 0, cloud.sh());
    }

    private static void write(DeviceBuffer buffer, long offset, float[] values) {
        ByteBuffer chunk = chunk(values.length);
        for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - at);
            chunk.asFloatBuffer().put(values, at, n);
            buffer.write(
                    offset + 4L * at,
                    chunk.duplicate().order(ByteOrder.nativeOrder()).limit(4 * n));
        }
    }

    private static void read(DeviceBuffer buffer, long offset, float[] values) {
        ByteBuffer chunk = chunk(values.length);
        for (int at = 0; at < values.length; at += CHUNK_FLOATS) {
            int n = Math.min(CHUNK_FLOATS, values.length - at);
            buffer.read(
                    offset + 4L * at,
                    chunk.duplicate().order(ByteOrder.nativeOrder()).limit(4 * n));
            chunk.asFloatBuffer().get(values, at, n);
        }
    }

    private static ByteBuffer chunk(int floats) {
        return ByteBuffer.allocateDirect(4 * Math.min(CHUNK_FLOATS, Math.max(1, floats)))
                .order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        scope.close();
    }
}
