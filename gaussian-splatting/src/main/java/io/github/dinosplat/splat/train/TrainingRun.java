package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.MortonOrder;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** One training run: the loop, its checkpoints and its evaluations. */
final class TrainingRun {

    static final String STAGE = "splats";

    private final TrainOptions options;
    private final Optional<Path> checkpoints;
    private final Progress progress;
    private final SplatEngine engine;
    private final boolean anyEngine;
    private final String device;

    private final Normalisation normalisation;
    private final Scene scene;
    private final PhotoPriors priors;
    private final TrainingPhotos photos;
    private final Schedule schedule;
    /** That of the options, made definite for the photos. */
    private TrainingMethod method;

    private final PhotoOrder order;
    private final Evaluation evaluation;
    private final List<View> trained;
    private final WidestAngle widest;
    private final Stopwatch stopwatch = new Stopwatch();
    /** How many Gaussians there are; asking the engine for its state may mean a copy from its device. */
    private int count;

    TrainingRun(
            Scene world,
            PhotoSource pixels,
            PhotoPriors priors,
            TrainOptions options,
            Optional<Path> checkpoints,
            Progress progress,
            SplatEngine engine,
            boolean anyEngine)
            throws IOException {
        this.options = options;
        this.method = options.method();
        this.checkpoints = checkpoints;
        this.progress = progress;
        this.engine = engine;
        this.anyEngine = anyEngine;
        this.device = engine.device();
        if (world.views().isEmpty()) {
            throw new IllegalArgumentException("the scene has no photos");
        }
        Set<String> heldOutNames =
                options.holdout().among(world.views().stream().map(View::name).toList());
        List<View> shown = world.views().stream()
                .filter(v -> !heldOutNames.contains(v.name()))
                .toList();
        normalisation = Normalisation.of(world, shown);
        scene = normalisation.apply(world);
        this.priors = normalisation.apply(priors);
        PhotoSource cutOut = method.hasSurroundings()
                ? BlackBackdrop.cutOut(pixels, shown.stream().map(View::name).toList())
                : pixels;
        photos = new TrainingPhotos(
                scene, cutOut, options.maxSize(), Runtime.getRuntime().maxMemory() / 4);
        List<View> sorted =
                scene.views().stream().sorted(Comparator.comparing(View::name)).toList();
        trained = sorted.stream().filter(v -> !heldOutNames.contains(v.name())).toList();
        for (View view : sorted) {
            photos.pinhole(view, 0);
        }
        method = method.forPhotos(trained.size());
        schedule = new Schedule(options.iterations(), options.terms());
        order = new PhotoOrder(trained.size(), options.seed());
        widest = new WidestAngle(trained);
        List<View> heldOut =
                sorted.stream().filter(v -> heldOutNames.contains(v.name())).toList();
        evaluation = new Evaluation(engine, photos, heldOut);
    }

    TrainResult run(HeldOutPictures pictures) throws IOException {
        stopwatch.start();
        Targets targets = targets();
        Checkpoint start = start(targets);
        Ledger ledger = start.ledger();
        load(start, targets);
        int done = (int) start.state().iteration();
        Optional<StartedStep> started = Optional.empty();
        while (done < options.iterations()) {
            if (progress.isCancelled()) {
                started.ifPresent(step -> ledger.addLoss(step.loss()));
                save(targets, ledger);
                progress.checkCancelled();
            }
            if (targets.transients().isPresent() && schedule.looksForTransientsAt(done)) {
                targets.transients().get().find(engine);
            }
            StartedStep next = startStep(done, targets);
            // The engine is busy with this step while the one before is looked at.
            started.ifPresent(step -> ledger.addLoss(step.loss()));
            started = Optional.of(next);
            done++;
            ledger.ranOn(engine.name(), device, done);
            if (pausesAfter(done)) {
                ledger.addLoss(next.loss());
                started = Optional.empty();
                pause(done, targets, ledger);
            }
            report(done, ledger);
        }
        stopwatch.stopInto(ledger);
        return result(ledger, targets.depths(), pictures);
    }

    /** What the training photos and what is known about them ask of the splats. */
    private record Targets(
            byte[] fingerprint,
            PhotoDepths depths,
            Optional<TrainingFeatures> features,
            Optional<TransientMasks> transients,
            PriorTargets priors) {}

    private Targets targets() throws IOException {
        evaluation.read();
        photos.preload(trained, options.threads(), progress);
        // Looks at every training photo.
        byte[] fingerprint = Fingerprint.of(scene, trained, photos, options);
        if (photos.isAnyTransparent()) {
            method = method.forTransparentPhotos();
        }
        PhotoDepths depths = PhotoDepths.of(
                scene, trained, photos, priors, options, Runtime.getRuntime().maxMemory() / 8, progress);
        Optional<TrainingFeatures> features = options.terms().usesFeatures()
                ? Optional.of(new TrainingFeatures(trained, photos, priors))
                : Optional.empty();
        Optional<TransientMasks> transients = options.terms().transients()
                ? Optional.of(new TransientMasks(trained, photos, features.orElseThrow()))
                : Optional.empty();
        PriorTargets priorTargets = new PriorTargets(trained, photos, priors, options.terms());
        return new Targets(fingerprint, depths, features, transients, priorTargets);
    }

    private void load(Checkpoint start, Targets targets) throws IOException {
        targets.transients().ifPresent(t -> t.restore(start.masks()));
        engine.load(start.state());
        if (options.terms().trainsFeatures() && start.state().gaussians().featureChannels() == 0) {
            engine.load(withFeatures(targets.features().orElseThrow()));
        }
        count = start.state().gaussians().count();
    }

    private StartedStep startStep(int done, Targets targets) throws IOException {
        int photo = order.photo(done);
        Colour background = method.background(options.seed(), done);
        return new StartedStep(
                done,
                trained.get(photo).name(),
                engine.start(
                        training(photo, background, targets, done),
                        method.applied(schedule.step(done, background, options.seed()), schedule.part(done))));
    }

    /** What there is to do between two steps while the engine is idle. */
    private void pause(int done, Targets targets, Ledger ledger) throws IOException {
        if (schedule.refinesAfter(done)) {
            if (schedule.clearsAfter(done)) {
                clear(targets.depths().freeSpace());
            }
            refine(done);
            smooth(targets.features());
        }
        if (schedule.holdsColoursAfter(done)) {
            hold(targets.depths().colours());
        }
        if (evaluatesAfter(done)) {
            evaluate(done, ledger);
        }
        if (savesAfter(done)) {
            save(targets, ledger);
        }
    }

    /** A step that the engine may still be busy with. */
    private record StartedStep(int iteration, String photo, DoubleSupplier value) {

        double loss() {
            double loss = value.getAsDouble();
            if (!Double.isFinite(loss)) {
                throw new IllegalStateException("the loss became " + loss + " in iteration " + iteration + " on "
                        + photo + "; please report this with the input");
            }
            return loss;
        }
    }

    private boolean savesAfter(int done) {
        return done % options.checkpointEvery() == 0 || done == options.iterations();
    }

    /** Whether something after this step wants all steps to be done. */
    private boolean pausesAfter(int done) {
        return schedule.holdsColoursAfter(done)
                || evaluatesAfter(done)
                || savesAfter(done)
                || options.terms().transients() && schedule.looksForTransientsAt(done);
    }

    private TrainingView training(int photo, Colour background, Targets targets, int iteration) throws IOException {
        int level = schedule.level(iteration);
        DepthTarget known = targets.depths().target(photo, level);
        TrainingView view = photos.training(trained.get(photo), level, background)
                .withPhoto(photo)
                .withDepth(known)
                .withPriors(targets.priors().of(photo, level, known, schedule.priorPart(iteration)));
        return targets.transients()
                .flatMap(t -> t.mask(photo, level))
                .map(view::withMaskToo)
                .orElse(view);
    }

    private Checkpoint start(Targets targets) throws IOException {
        Optional<Path> file = checkpoints.map(folder -> folder.resolve(SplatTrainer.CHECKPOINT));
        if (file.isPresent() && Files.exists(file.get())) {
            return readCheckpoint(file.get(), targets.fingerprint());
        }
        int most = options.maxGaussians();
        int far = method.hasSurroundings() ? Surroundings.countFor(most) : 0;
        int beside = method.hasSurroundings() ? Margins.countFor(most) : 0;
        PhotoDepths depths = targets.depths();
        Gaussians near = InitialGaussians.from(scene, trained, photos, depths, most - far - beside, options.seed());
        Gaussians initial = Surroundings.around(depths.margins(near, beside), trained, photos, far);
        Ledger ledger = new Ledger();
        ledger.startsWith(initial.count());
        TrainingState state = TrainingState.start(initial, trained.size());
        return new Checkpoint(targets.fingerprint(), state, ledger, new int[0]);
    }

    private Checkpoint readCheckpoint(Path file, byte[] fingerprint) throws IOException {
        Checkpoint checkpoint = Checkpoint.read(file, fingerprint);
        List<EngineSpan> spans = checkpoint.ledger().spans();
        if (!anyEngine && spans.stream().anyMatch(s -> !s.engine().equals(engine.name()))) {
            throw new IOException(file + ": was made by the engine " + EngineSpan.engines(spans) + " and not by "
                    + engine.name() + " alone; delete it to start anew or use the same engine");
        }
        return checkpoint;
    }

    /** Takes the opacity of what floats in free space, so that the next refinement moves it elsewhere. */
    private void clear(FreeSpace free) {
        TrainingState state = engine.state();
        free.clear(state.gaussians());
        engine.load(state);
    }

    /** Keeps the colours of what few photos show within reason, and all Gaussians from being wide. */
    private void hold(FewPhotoColours colours) {
        TrainingState state = engine.state();
        colours.hold(state.gaussians());
        widest.hold(state.gaussians());
        engine.load(state);
    }

    /** The state before the first step, each Gaussian with features from the photos that show it. */
    private TrainingState withFeatures(TrainingFeatures features) {
        float[] lifted = features.lift(engine).means(-1);
        Gaussians gaussians = engine.state().gaussians();
        int channels = features.networkChannels();
        float[] values = new float[channels * gaussians.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = lifted[i / channels * features.channels() + i % channels];
        }
        return TrainingState.start(gaussians.withFeatures(channels, values), trained.size());
    }

    /** Draws Gaussians towards neighbours with like features, where the terms ask for it. */
    private void smooth(Optional<TrainingFeatures> features) {
        double smoothness = options.terms().smoothness();
        if (smoothness > 0) {
            float[] lifted = features.orElseThrow().lift(engine).means(-1);
            TrainingState state = engine.state();
            LikeNeighbours.smooth(state.gaussians(), features.get().channels(), lifted, smoothness);
            engine.load(state);
        }
    }

    private void refine(int done) {
        switch (method.refinement()) {
            case MCMC -> count = engine.refine(Schedule.grown(count, options.maxGaussians()), options.seed());
            case ADC -> {
                TrainingState refined = AdaptiveDensity.refine(
                        engine.state(), options.maxGaussians(), options.seed(), schedule.fadesAfter(done));
                count = refined.gaussians().count();
                engine.load(MortonOrder.sorted(refined));
            }
        }
    }

    private RenderOptions rendering() {
        boolean learnt = method.background() == TrainingMethod.Background.LEARNED;
        return method.rendering(learnt ? engine.state().photos() : PhotoParameters.start(0));
    }

    /** How the training photos are exposed as learnt so far; the engine is asked only where something is learnt. */
    private PhotoColours colours() {
        PhotoParameters learnt = method.exposure() == TrainingMethod.Exposure.ON
                ? engine.state().photos()
                : PhotoParameters.start(trained.size());
        return PhotoColours.of(placed(learnt), learnt);
    }

    /** The training photos where they have been moved to, in the normalised frame. */
    private List<View> placed(PhotoParameters learnt) {
        if (!method.poses()) {
            return trained;
        }
        return IntStream.range(0, trained.size())
                .mapToObj(i -> {
                    View v = trained.get(i);
                    return v.withPose(learnt.motion(i).compose(v.camFromWorld()));
                })
                .toList();
    }

    private boolean evaluatesAfter(int done) {
        long n = options.iterations();
        return done * (long) options.evaluations() / n > (done - 1) * (long) options.evaluations() / n;
    }

    private void evaluate(int done, Ledger ledger) throws IOException {
        stopwatch.stopInto(ledger);
        ledger.addPoint(done, count, evaluation.heldOutPsnr(rendering(), colours()));
        stopwatch.start();
    }

    private void save(Targets targets, Ledger ledger) throws IOException {
        if (checkpoints.isEmpty()) {
            return;
        }
        stopwatch.stopInto(ledger);
        stopwatch.start();
        TrainingState state = engine.state();
        int[] masks = targets.transients().map(TransientMasks::packed).orElse(new int[0]);
        SplatFiles.write(
                new StoredSplats(normalisation.undo(state.gaussians()), method.mip()),
                checkpoints.get().resolve(SplatTrainer.SPLATS));
        new Checkpoint(targets.fingerprint(), state, ledger, masks)
                .write(checkpoints.get().resolve(SplatTrainer.CHECKPOINT));
    }

    private void report(int done, Ledger ledger) {
        double loss = ledger.meanLoss();
        List<CurvePoint> curve = ledger.curve();
        double shown = Double.isNaN(loss) && !curve.isEmpty()
                ? curve.get(curve.size() - 1).loss()
                : loss;
        String known = Double.isNaN(shown) ? "" : String.format(Locale.ROOT, "loss %.4f, ", shown);
        progress.update(STAGE, done, options.iterations(), known + count + " splats");
    }

    private TrainResult result(Ledger ledger, PhotoDepths depths, HeldOutPictures pictures) throws IOException {
        // Judged as they will stand in the file: in the scene's own frame, rounded to floats there.
        TrainingState last = engine.state();
        RenderOptions rendering = rendering();
        List<View> placed = placed(last.photos());
        Gaussians world = normalisation.undo(last.gaussians());
        engine.load(TrainingState.start(normalisation.redo(world)));
        PhotoColours colours = PhotoColours.of(placed, last.photos());
        List<HeldOutPhoto> heldOut = evaluation.heldOut(rendering, colours, depths, pictures, progress);
        Evaluation.Mean train = evaluation.sample(placed, rendering, colours);
        List<View> inWorld = placed.stream().map(normalisation::undo).toList();
        return new TrainResult(
                world,
                options.iterations(),
                heldOut,
                train.psnr(),
                train.ssim(),
                ledger.curve(),
                ledger.startCount(),
                ledger.wallMillis() / options.iterations(),
                ledger.cpuMillis() / options.iterations(),
                EngineSpan.engines(ledger.spans()),
                EngineSpan.devices(ledger.spans()),
                rendering,
                inWorld,
                PhotoColours.of(inWorld, last.photos()));
    }
}
