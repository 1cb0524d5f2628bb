package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.vulkan.Commands;
import io.github.dinosplat.vulkan.HostBuffer;
import io.github.dinosplat.vulkan.Recorder;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Submission;
import io.github.dinosplat.vulkan.Timing;
import io.github.dinosplat.vulkan.VulkanContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands training steps to the device without waiting for them: while one runs, the next ones are made ready.
 *
 * <p>A step is three submissions. The first one, recorded anew, brings what differs from step to step: the parameters and the
 * photo. The second one has all the stages and is recorded once for pictures of one size ({@link StepRecordings}). The
 * third one brings back the outcome, each time into another one of a few pieces of host memory.
 *
 * <p>Where the hits of a view have no room, the device changes nothing in that step and in those behind it; once the host
 * sees that, it makes room and starts all of them again, in their order.
 */
final class StepQueue implements AutoCloseable {

    /** Most steps that the device has not finished: one runs, one waits. */
    static final int IN_FLIGHT = 2;

    /**
     * What is to be done.
     *
     * @param view photo
     * @param options loss and step sizes
     * @param terms which stages the step has
     * @param iteration number of the step, from 1
     * @param photoStep number of the step among those that learn about this photo, from 1; 0 where nothing is learnt
     */
    record Request(TrainingView view, StepOptions options, StepTerms terms, long iteration, long photoStep) {

        StepBlock block(long countedPixels) {
            return new StepBlock(
                    view.view(),
                    options.render(),
                    Optional.of(new StepBlock.Training(view, options, terms, iteration, photoStep, countedPixels)));
        }
    }

    /** A step that was handed to the device. */
    final class Flight {
        private final Request request;
        private final DeviceState state;
        private final Landing landing;
        private StepBlock block;
        private Submission submission;
        private @Nullable StepOutcome outcome;

        private Flight(Request request, DeviceState state, Landing landing) {
            this.request = request;
            this.state = state;
            this.landing = landing;
            block = begin(state, request);
            submission = landing.submit();
        }

        private void repeat() {
            block = begin(state, request);
            submission = landing.submit();
        }

        private StepOutcome read() {
            submission.await();
            return StepOutcome.decode(landing.memory.memory());
        }

        /** Waits for the step. */
        StepOutcome await() {
            while (outcome == null) {
                landFirst();
            }
            return outcome;
        }

        /** What it was given. */
        StepBlock block() {
            return block;
        }
    }

    /** Where the outcome of a step goes. */
    private final class Landing {
        final HostBuffer memory;
        private final Commands download;

        Landing(int number) {
            memory = scope.add(context.hostBuffer("outcome " + number, 4 * Frame.STATUS_WORDS));
            download = scope.add(context.record(
                    "outcome", recorder -> recorder.download(frame.status.range(0, memory.bytes()), memory, 0)));
        }

        Submission submit() {
            return context.submit(download);
        }
    }

    private final Scope scope;
    private final VulkanContext context;
    private final Frame frame;
    private final PhotoStore photos;
    private final StepRecordings recordings;
    private final Deque<Landing> landings = new ArrayDeque<>();
    private final Deque<Flight> flying = new ArrayDeque<>();
    private @Nullable Submission last;

    private StepQueue(VulkanContext context, Frame frame, Stages stages, long photoBudget, Scope scope) {
        this.scope = scope;
        this.context = context;
        this.frame = frame;
        photos = scope.add(new PhotoStore(context, photoBudget));
        recordings = scope.add(new StepRecordings(context, frame, stages));
        for (int k = 0; k < IN_FLIGHT; k++) {
            landings.add(new Landing(k));
        }
        context.run("first step", recorder -> recorder.fill(frame.stalled, 0));
    }

    /** An empty queue; photos on the device take so many bytes at most. */
    static StepQueue open(VulkanContext context, Frame frame, Stages stages, long photoBudget) {
        return Scope.allOrNothing(scope -> new StepQueue(context, frame, stages, photoBudget, scope));
    }

    /** Starts a step on the device's state; waits only where more than {@link #IN_FLIGHT} would be on their way. */
    Flight start(DeviceState state, Request request) {
        while (flying.size() >= IN_FLIGHT) {
            landFirst();
        }
        Landing landing = landings.remove();
        landings.add(landing);
        Flight flight = new Flight(request, state, landing);
        flying.add(flight);
        return flight;
    }

    /** Waits until all steps are done. */
    void settle() {
        while (!flying.isEmpty()) {
            landFirst();
        }
    }

    /** Forgets the state and what was not waited for: it is about to be replaced. */
    void drop() {
        flying.clear();
        recordings.forget();
    }

    /** Submits a step but for the way back of its outcome; returns what it was given. */
    private StepBlock begin(DeviceState state, Request request) {
        int pixels = request.view().truth().width() * request.view().truth().height();
        StepBlock[] made = new StepBlock[1];
        frame.reserveGaussians(state.stride());
        StepBlock size = request.block(0);
        frame.reservePicture(size.pixels(), size.tilesX() * size.tilesY());
        frame.reserveTerms(request.terms(), pixels);
        context.submit("step's own", recorder -> {
            PhotoStore.Resident photo = photos.require(request.view(), recorder);
            made[0] = request.block(photo.counted());
            recorder.update(frame.step, 0, made[0].encode(state.count()));
            copyPhoto(recorder, photo, pixels, request.terms());
        });
        last = context.submit(recordings.of(state, made[0]));
        return made[0];
    }

    private void copyPhoto(Recorder recorder, PhotoStore.Resident photo, int pixels, StepTerms terms) {
        recorder.copy(photo.pixels(), frame.perPixel.photo.range(0, 4L * pixels));
        if (terms.knownDepths()) {
            recorder.copy(photo.depths(), frame.perPixel.depthTarget.range(0, 8L * pixels));
        }
        if (terms.predictedDepths()) {
            recorder.copy(photo.predicted(), frame.terms.buffers.predicted.range(0, 8L * pixels));
        }
        if (terms.patches() > 0) {
            recorder.copy(
                    photo.patches(),
                    frame.terms.buffers.target.range(0, photo.patches().bytes()));
        }
    }

    private void landFirst() {
        Flight first = flying.element();
        StepOutcome outcome = first.read();
        if (outcome.disagreement()) {
            throw new IllegalStateException("counting and listing of tile hits disagree on "
                    + context.device().description() + "; please report this");
        }
        if (outcome.overflow()) {
            makeRoomAndRepeat();
        } else {
            flying.remove();
            first.outcome = outcome;
        }
    }

    private void makeRoomAndRepeat() {
        long needed = 0;
        for (Flight flight : flying) {
            needed = Math.max(needed, flight.read().neededHits());
        }
        frame.reserveHits(needed);
        context.submit("room was made", recorder -> recorder.fill(frame.stalled, 0));
        flying.forEach(Flight::repeat);
    }

    /** The time that each stage of the last step took on the device; empty if it has no clock. */
    List<Timing> timings() {
        return last == null ? List.of() : last.timings();
    }

    PhotoStore photos() {
        return photos;
    }

    StepRecordings recordings() {
        return recordings;
    }

    @Override
    public void close() {
        scope.close();
    }
}
