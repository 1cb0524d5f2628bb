package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;

/**
 * What is learnt about the photos, on the device: {@link PhotoParameters} but for the counts of steps, which the host knows
 * without looking.
 */
final class LearntPhotos implements AutoCloseable {

    private final Scope scope;
    final DeviceBuffer values;
    final DeviceBuffer firstMoments;
    final DeviceBuffer secondMoments;
    final DeviceBuffer background;
    final int count;

    private LearntPhotos(VulkanContext context, PhotoParameters photos, Scope scope) {
        this.scope = scope;
        count = photos.count();
        long bytes = 4L * photos.values().length;
        values = scope.add(context.buffer("photos", bytes));
        firstMoments = scope.add(context.buffer("photos' first moments", bytes));
        secondMoments = scope.add(context.buffer("photos' second moments", bytes));
        background = scope.add(context.buffer("background", 4L * PhotoParameters.BACKGROUND_VALUES));
        if (count > 0) {
            values.write(photos.values());
            firstMoments.write(photos.firstMoments());
            secondMoments.write(photos.secondMoments());
        }
        background.write(photos.backgroundValues());
    }

    /** Copies parameters to the device. */
    static LearntPhotos upload(VulkanContext context, PhotoParameters photos) {
        return Scope.allOrNothing(scope -> new LearntPhotos(context, photos, scope));
    }

    /** Copies them back. */
    void download(PhotoParameters photos) {
        if (count > 0) {
            read(values, photos.values());
            read(firstMoments, photos.firstMoments());
            read(secondMoments, photos.secondMoments());
        }
        read(background, photos.backgroundValues());
    }

    private static void read(DeviceBuffer buffer, float[] to) {
        System.arraycopy(buffer.readFloats(to.length), 0, to, 0, to.length);
    }

    @Override
    public void close() {
        scope.close();
    }
}
