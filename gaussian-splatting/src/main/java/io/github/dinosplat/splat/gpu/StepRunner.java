package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Rendering;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.HostBuffer;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Submission;
import io.github.dinosplat.vulkan.Timing;
import io.github.dinosplat.vulkan.VulkanContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs whole steps and renderings on a device: reserves memory, records the stages, waits, repeats after an overflow. */
final class StepRunner implements AutoCloseable {

    private final Scope scope = new Scope();
    private final VulkanContext context;
    private final Frame frame;
    private final Stages stages;
    private final PhotoStore photos;
    private final HostBuffer status;
    private @Nullable HostBuffer planes;
    private @Nullable Submission last;

    /**
     * What a step gave.
     *
     * @param outcome what the device told
     * @param block what it was given
     */
    record Result(StepOutcome outcome, StepBlock block) {}

    StepRunner(VulkanContext context, long photoBudget) {
        this.context = context;
        try {
            frame = scope.add(new Frame(context));
            stages = scope.add(new Stages(context, frame));
            photos = scope.add(new PhotoStore(context, photoBudget));
            status = scope.add(context.hostBuffer("status", 4 * Frame.STATUS_WORDS));
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** One step on the device's state. */
    Result step(
            DeviceState state, TrainingView view, StepOptions options, long iteration, Optional<float[]> colourMap) {
        while (true) {
            StepBlock[] block = new StepBlock[1];
            StepOutcome outcome =
                    run("step", recorder -> block[0] = record(recorder, state, view, options, iteration, colourMap));
            if (!outcome.overflow()) {
                return new Result(outcome, block[0]);
            }
            frame.reserveHits(outcome.neededHits());
        }
    }

    /** Records a step; returns what it was given. */
    StepBlock record(
            Recorder recorder,
            DeviceState state,
            TrainingView view,
            StepOptions options,
            long iteration,
            Optional<float[]> colourMap) {
        boolean inverseDepths = view.depth().isPresent() && options.depthWeight() > 0;
        float depthOffset =
                (float) view.depth().map(DepthTarget::offset).orElse(0.0).doubleValue();
        PhotoStore.Resident photo = photos.require(view, recorder);
        StepBlock block = new StepBlock(
                view.view(),
                options.render(),
                Optional.of(new StepBlock.Training(
                        options, iteration, photo.counted(), inverseDepths, depthOffset, colourMap)));
        reserve(state, block);
        DeviceBuffer slots = stages.forward(recorder, state, block);
        stages.loss(recorder, block, photo);
        stages.backward(recorder, state, block, slots);
        recorder.download(frame.status.range(0, status.bytes()), status, 0);
        return block;
    }

    /** A picture of the device's state. */
    Rendering render(DeviceState state, StepBlock block) {
        int pixels = block.pixels();
        int channels = block.render().features() ? state.featureChannels : 0;
        HostBuffer host = planesOf((20 + 4 * channels) * pixels);
        try (DeviceBuffer features = context.buffer("feature planes", 4L * channels * pixels)) {
            StepOutcome outcome;
            do {
                reserve(state, block);
                outcome = run("render", recorder -> {
                    DeviceBuffer slots = stages.forward(recorder, state, block);
                    if (channels > 0) {
                        stages.features(recorder, state, block, slots, features);
                        recorder.download(features.range(0, features.bytes()), host, 20L * pixels);
                    }
                    recorder.download(frame.perPixel.picture.range(0, 16L * pixels), host, 0);
                    recorder.download(frame.perPixel.depth.range(0, 4L * pixels), host, 16L * pixels);
                    recorder.download(frame.status.range(0, status.bytes()), status, 0);
                });
                if (outcome.overflow()) {
                    frame.reserveHits(outcome.neededHits());
                }
            } while (outcome.overflow());
        }
        return rendering(block.view(), host.memory(), channels);
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

    private void reserve(DeviceState state, StepBlock block) {
        frame.reserveGaussians(state.stride);
        frame.reservePicture(block.pixels(), block.tilesX() * block.tilesY());
    }

    private StepOutcome run(String name, Consumer<Recorder> recording) {
        last = context.submit(name, recording);
        last.await();
        StepOutcome outcome = StepOutcome.decode(status.memory());
        if (outcome.disagreement()) {
            throw new IllegalStateException("counting and listing of tile hits disagree on "
                    + context.device().description() + "; please report this");
        }
        return outcome;
    }

    private HostBuffer planesOf(int bytes) {
        HostBuffer current = planes;
        if (current == null || current.bytes() < bytes) {
            if (current != null) {
                current.close();
            }
            current = context.hostBuffer("picture planes", bytes);
            planes = current;
        }
        return current;
    }

    /** The time that each stage of the last step or rendering took on the device; empty if it has no clock. */
    List<Timing> timings() {
        return last == null ? List.of() : last.timings();
    }

    Frame frame() {
        return frame;
    }

    Stages stages() {
        return stages;
    }

    PhotoStore photos() {
        return photos;
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
