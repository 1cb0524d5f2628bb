package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;

/** The memory of the terms that not every step has: predicted depths, rendered features, patches. Grown when needed. */
final class TermMemory implements AutoCloseable {

    /** Blocks of a third of the longer side are at most three by three. */
    private static final int MOST_BLOCKS = 9;

    /** Slices of a block: {@code SLICES} of {@code shared/blocks.glsl}. */
    static final int SLICES = 64;

    /**
     * How much there is room for.
     *
     * @param predicted pixels with predicted depths
     * @param planes pixels times channels
     * @param patches of the photo
     */
    private record Room(long predicted, long planes, long patches) {

        static Room of(StepTerms terms, long pixels) {
            return new Room(terms.predictedDepths() ? pixels : 0, terms.channels() * pixels, terms.patches());
        }

        Room or(Room other) {
            return new Room(
                    Math.max(predicted, other.predicted),
                    Math.max(planes, other.planes),
                    Math.max(patches, other.patches));
        }
    }

    private final VulkanContext context;
    private Room room = new Room(0, 0, 0);
    Buffers buffers;

    /** The buffers, which are replaced together. */
    static final class Buffers {
        private final Scope scope;
        /** [2, height, width] predicted nearness and weights. */
        final DeviceBuffer predicted;
        /** [blocks, 3, slices] sums for the blocks' means. */
        final DeviceBuffer means;
        /** [blocks, 3, slices] sums of squares and products. */
        final DeviceBuffer spreads;
        /** [blocks] terms of shape. */
        final DeviceBuffer blockTerms;
        /** [channels, height, width] rendered features. */
        final DeviceBuffer features;
        /** [channels, height, width] loss gradient by them. */
        final DeviceBuffer featureGradients;
        /** [patches, channels] predicted features, then [patches, patches] their Gram matrix. */
        final DeviceBuffer target;
        /** [patches, channels] directions of the rendered features. */
        final DeviceBuffer units;
        /** [patches, 2] their lengths, and how many pixels count. */
        final DeviceBuffer lengths;
        /** [patches] terms of features. */
        final DeviceBuffer patchTerms;

        private Buffers(VulkanContext context, Room room, Scope scope) {
            this.scope = scope;
            long slices = room.predicted() > 0 ? MOST_BLOCKS * 3L * SLICES : 0;
            long patches = room.patches();
            predicted = scope.add(context.buffer("predicted depths", 8 * room.predicted()));
            means = scope.add(context.buffer("block means", 4 * slices));
            spreads = scope.add(context.buffer("block spreads", 4 * slices));
            blockTerms = scope.add(context.buffer("block terms", 4L * MOST_BLOCKS));
            features = scope.add(context.buffer("feature planes", 4 * room.planes()));
            featureGradients = scope.add(context.buffer("feature gradients", 4 * room.planes()));
            target = scope.add(
                    context.buffer("patch targets", 4 * patches * (Gaussians.MAX_FEATURE_CHANNELS + patches)));
            units = scope.add(context.buffer("patch directions", 4 * patches * Gaussians.MAX_FEATURE_CHANNELS));
            lengths = scope.add(context.buffer("patch lengths", 8 * patches));
            patchTerms = scope.add(context.buffer("patch terms", 4 * patches));
        }
    }

    TermMemory(VulkanContext context) {
        this.context = context;
        buffers = make(room);
    }

    private Buffers make(Room wanted) {
        return Scope.allOrNothing(scope -> new Buffers(context, wanted, scope));
    }

    /** Makes room for a step; returns whether buffers were replaced. */
    boolean reserve(StepTerms terms, long pixels) {
        Room wanted = Room.of(terms, pixels).or(room);
        if (wanted.equals(room)) {
            return false;
        }
        room = new Room(0, 0, 0);
        buffers.scope.close();
        buffers = make(wanted);
        room = wanted;
        return true;
    }

    @Override
    public void close() {
        buffers.scope.close();
    }
}
