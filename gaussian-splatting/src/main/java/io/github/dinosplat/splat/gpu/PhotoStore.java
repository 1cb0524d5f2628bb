package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.FeatureTarget;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.BufferRange;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.HostBuffer;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The training photos on the device, four bytes a pixel (red, green, blue, 255 where the pixel counts), and what is known or
 * predicted about them. What does not fit into the budget is put where the longest unused was, and copied anew when its turn comes.
 */
final class PhotoStore implements AutoCloseable {

    private static final long BLOCK_BYTES = 64L << 20;

    /** A photo is known by what it was made from, not by its content. */
    private record Key(Object[] parts) {

        static Key of(TrainingView view) {
            return new Key(new Object[] {
                view.truth(),
                part(view.mask()),
                part(view.depth()),
                part(view.priors().depth()),
                part(view.priors().features())
            });
        }

        private static Object part(Optional<?> part) {
            return part.isPresent() ? part.get() : PhotoStore.class;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Key that)) {
                return false;
            }
            for (int i = 0; i < parts.length; i++) {
                if (parts[i] != that.parts[i]) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int hashCode() {
            int hash = 0;
            for (Object part : parts) {
                hash = 31 * hash + System.identityHashCode(part);
            }
            return hash;
        }
    }

    /**
     * What a photo takes, in bytes; its parts lie one behind the other.
     *
     * @param pixels four bytes each
     * @param depths known depths, inverse and weights
     * @param predicted predicted ones
     * @param patches predicted features and their Gram matrix
     */
    private record Layout(long pixels, long depths, long predicted, long patches) {

        static Layout of(TrainingView view) {
            long pixels = (long) view.truth().width() * view.truth().height();
            return new Layout(
                    4 * pixels,
                    view.depth().isPresent() ? 8 * pixels : 0,
                    view.priors().depth().isPresent() ? 8 * pixels : 0,
                    view.priors().features().map(Layout::bytes).orElse(0L));
        }

        private static long bytes(FeatureTarget target) {
            return 4L * (target.features().length + target.gram().length);
        }

        long bytes() {
            return pixels + depths + predicted + patches;
        }

        Resident in(BufferRange range, long counted) {
            DeviceBuffer buffer = range.buffer();
            long at = range.offset();
            return new Resident(
                    buffer.range(at, pixels),
                    buffer.range(at + pixels, depths),
                    buffer.range(at + pixels + depths, predicted),
                    buffer.range(at + pixels + depths + predicted, patches),
                    counted);
        }
    }

    /** A buffer that is filled from its start; photos leave it all at once. */
    private static final class Block {
        final DeviceBuffer buffer;
        long used;

        Block(DeviceBuffer buffer) {
            this.buffer = buffer;
        }
    }

    /**
     * A photo on the device.
     *
     * @param pixels [height, width] bytes
     * @param depths [2, height, width] known nearness and weights; empty where there is none, as are the others
     * @param predicted [2, height, width] predicted nearness and weights
     * @param patches [patches, channels] predicted features, then [patches, patches] their Gram matrix
     * @param counted how many pixels count
     */
    record Resident(BufferRange pixels, BufferRange depths, BufferRange predicted, BufferRange patches, long counted) {}

    private final VulkanContext context;
    private final long budget;
    private final Map<Key, Resident> places = new LinkedHashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private int filling;
    /** Two, in turns, so that one is filled while the other one is copied from. */
    private final @Nullable HostBuffer[] staging = new HostBuffer[2];

    private int stagingInTurn;
    private long uploads;

    /**
     * A store.
     *
     * @param budget most bytes on the device; one photo has room in any case
     */
    PhotoStore(VulkanContext context, long budget) {
        this.context = context;
        this.budget = budget;
    }

    /** Records the copy of a photo to the device, unless it is there. Waits only for the last copy but one of a photo. */
    Resident require(TrainingView view, Recorder recorder) {
        Key key = Key.of(view);
        Resident place = places.get(key);
        if (place == null) {
            Layout layout = Layout.of(view);
            BufferRange range = room(layout.bytes());
            HostBuffer from = nextStaging(range.bytes());
            long counted = fill(view, from.memory());
            recorder.upload(from, 0, range);
            place = layout.in(range, counted);
            places.put(key, place);
            uploads++;
        }
        return place;
    }

    /** {@return how many photos were copied to the device so far} */
    long uploads() {
        return uploads;
    }

    /** {@return bytes that are held on the device} */
    long bytes() {
        return blocks.stream().mapToLong(b -> b.buffer.bytes()).sum();
    }

    private BufferRange room(long bytes) {
        long padded = (bytes + 15) / 16 * 16;
        if (blocks.isEmpty()
                || blocks.get(filling).used + padded
                        > blocks.get(filling).buffer.bytes()) {
            nextBlock(padded);
        }
        Block block = blocks.get(filling);
        BufferRange range = block.buffer.range(block.used, bytes);
        block.used += padded;
        return range;
    }

    /** Turns to a new block, or to the one that was filled longest ago. */
    private void nextBlock(long bytes) {
        long size = Math.max(bytes, Math.min(Math.min(BLOCK_BYTES, 8 * bytes), budget));
        if (bytes() + size <= budget || blocks.isEmpty()) {
            blocks.add(new Block(context.buffer("photos", size)));
            filling = blocks.size() - 1;
            return;
        }
        filling = (filling + 1) % blocks.size();
        Block oldest = blocks.get(filling);
        forget(oldest);
        if (oldest.buffer.bytes() < bytes) {
            oldest.buffer.close();
            blocks.set(filling, new Block(context.buffer("photos", size)));
        }
    }

    private void forget(Block block) {
        places.values().removeIf(place -> place.pixels().buffer() == block.buffer);
        block.used = 0;
    }

    private HostBuffer nextStaging(long bytes) {
        stagingInTurn = 1 - stagingInTurn;
        HostBuffer current = staging[stagingInTurn];
        if (current == null || current.bytes() < bytes) {
            if (current != null) {
                current.close();
            }
            current = context.hostBuffer("photo staging", (int) bytes);
            staging[stagingInTurn] = current;
        }
        current.awaitUse();
        return current;
    }

    /** Writes a photo where the copy starts; returns how many pixels count. */
    private static long fill(TrainingView view, ByteBuffer out) {
        Image truth = view.truth();
        byte[] rgb = truth.rgb();
        boolean[] mask = view.mask().orElse(null);
        int pixels = truth.width() * truth.height();
        long counted = 0;
        for (int i = 0; i < pixels; i++) {
            boolean counts = mask == null || mask[i];
            counted += counts ? 1 : 0;
            // Bytes lie in this order in memory whatever the machine's order of words is.
            out.put(rgb[3 * i]).put(rgb[3 * i + 1]).put(rgb[3 * i + 2]).put((byte) (counts ? 255 : 0));
        }
        for (Optional<DepthTarget> depth : List.of(view.depth(), view.priors().depth())) {
            depth.ifPresent(target -> {
                put(target.nearness(), out);
                put(target.weights(), out);
            });
        }
        view.priors().features().ifPresent(target -> {
            put(target.features(), out);
            put(target.gram(), out);
        });
        return counted;
    }

    private static void put(float[] values, ByteBuffer out) {
        for (float value : values) {
            out.putFloat(value);
        }
    }

    @Override
    public void close() {
        blocks.forEach(b -> b.buffer.close());
        blocks.clear();
        places.clear();
        for (int k = 0; k < staging.length; k++) {
            HostBuffer current = staging[k];
            if (current != null) {
                current.close();
                staging[k] = null;
            }
        }
    }
}
