package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.HostBuffer;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Renders pictures of the device's state and brings them to the host. */
final class Renderer implements AutoCloseable {

    /** Bytes of a pixel without features: colour, what passes, depth. */
    private static final long PIXEL_BYTES = 20;

    private final Scope scope = new Scope();
    private final VulkanContext context;
    private final Frame frame;
    private final Stages stages;
    private final HostBuffer status;
    private @Nullable HostBuffer planes;

    Renderer(VulkanContext context, Frame frame, Stages stages) {
        this.context = context;
        this.frame = frame;
        this.stages = stages;
        status = scope.add(context.hostBuffer("status", 4 * Frame.STATUS_WORDS));
    }

    /** A picture; no step may be on its way. */
    Rendering render(DeviceState state, StepBlock block) {
        int pixels = block.pixels();
        int channels = block.render().features() ? state.featureChannels : 0;
        HostBuffer host = planesOf((PIXEL_BYTES + 4L * channels) * pixels);
        frame.reserveGaussians(state.stride());
        frame.reservePicture(pixels, block.tilesX() * block.tilesY());
        try (DeviceBuffer features = context.buffer("feature planes", 4L * channels * pixels)) {
            StepOutcome outcome = run(state, block, channels, features, host);
            while (outcome.overflow()) {
                frame.reserveHits(outcome.neededHits());
                outcome = run(state, block, channels, features, host);
            }
        }
        return rendering(block.view(), host.memory(), channels);
    }

    private StepOutcome run(DeviceState state, StepBlock block, int channels, DeviceBuffer features, HostBuffer host) {
        long pixels = block.pixels();
        context.run("render", recorder -> {
            recorder.update(frame.step, 0, block.encode(state.count()));
            recorder.fill(frame.stalled, 0);
            DeviceBuffer slots = stages.forward(recorder, state, block);
            if (channels > 0) {
                stages.features(recorder, state, block, slots, features);
                recorder.download(features.range(0, features.bytes()), host, PIXEL_BYTES * pixels);
            }
            recorder.download(frame.perPixel.picture.range(0, 16 * pixels), host, 0);
            recorder.download(frame.perPixel.depth.range(0, 4 * pixels), host, 16 * pixels);
            recorder.download(frame.status.range(0, status.bytes()), status, 0);
            recorder.fill(frame.stalled, 0);
        });
        return StepOutcome.decode(status.memory());
    }

    private static Rendering rendering(SplatView view, ByteBuffer memory, int channels) {
        int pixels = view.width() * view.height();
        float[] rgb = new float[3 * pixels];
        float[] alpha = new float[pixels];
        float[] depth = new float[pixels];
        float[] features = new float[channels * pixels];
        for (int i = 0; i < pixels; i++) {
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = memory.getFloat(16 * i + 4 * c);
            }
            alpha[i] = 1 - memory.getFloat(16 * i + 12);
            depth[i] = memory.getFloat(16 * pixels + 4 * i);
            for (int c = 0; c < channels; c++) {
                features[i * channels + c] = memory.getFloat(20 * pixels + 4 * (c * pixels + i));
            }
        }
        return new Rendering(view.width(), view.height(), rgb, alpha, depth, channels, features);
    }

    private HostBuffer planesOf(long bytes) {
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException(
                    "a picture with its features must fit into 2 GiB but has " + bytes + " bytes; render it in parts");
        }
        HostBuffer current = planes;
        if (current == null || current.bytes() < bytes) {
            if (current != null) {
                current.close();
            }
            current = context.hostBuffer("picture planes", (int) bytes);
            planes = current;
        }
        return current;
    }

    @Override
    public void close() {
        if (planes != null) {
            planes.close();
            planes = null;
        }
        scope.close();
    }
}
