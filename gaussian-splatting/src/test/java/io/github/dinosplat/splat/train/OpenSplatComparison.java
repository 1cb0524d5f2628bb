package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Prints OpenSplat's held-out quality beside ours: same COLMAP scene, photos, picture size, number of Gaussians and
 * iterations, both judged by this module's engine and metrics. The command is in the README. Arguments: a folder with a COLMAP
 * model and {@code images/}, a folder for what the runs write, the program {@code opensplat}, the factor that it reduces the
 * photos by, the names of the held-out photos, joined by commas, and the numbers of iterations.
 *
 * <p>Each is judged twice: over the whole of the held-out photos, and over the pixels alone that training photos show as far as
 * our stereo finds them again, see {@link HeldOutPhoto#seenShare}; the others can only be guessed.
 *
 * <p>OpenSplat runs on a copy of the model that lacks the held-out photos; a file that it already wrote into the folder is
 * used again. We train twice, with as many Gaussians as it has at that point: from the sparse points alone, as it does, and as we
 * usually start.
 */
final class OpenSplatComparison {

    /** By default OpenSplat adds Gaussians from step 500 to the middle of the run, so a run this short would have none of it. */
    private static final int SHORT = 1000;

    private final Path folder;
    private final Path out;
    private final Scene scene;
    private final PhotoSource photos;
    private final Set<String> heldOut;
    private final int longSide;
    private final TrainingPhotos pictures;
    /** The held-out photos, by name. */
    private final List<View> judged;
    /** For each of them, [height, width]: whether a training photo shows the pixel. */
    private final List<boolean[]> seen;

    private OpenSplatComparison(Path folder, Path out, double factor, Set<String> heldOut) throws IOException {
        this.folder = folder;
        this.out = out;
        this.heldOut = heldOut;
        scene = ColmapModel.read(folder);
        photos = ImageFiles.source(folder.resolve("images"));
        longSide = scene.cameras().stream()
                .mapToInt(c -> (int) Math.round(Math.max(c.width(), c.height()) / factor))
                .max()
                .orElseThrow();
        pictures = new TrainingPhotos(scene, photos, longSide, 1 << 28);
        List<View> views =
                scene.views().stream().sorted(Comparator.comparing(View::name)).toList();
        List<View> trained =
                views.stream().filter(v -> !heldOut.contains(v.name())).toList();
        judged = views.stream().filter(v -> heldOut.contains(v.name())).toList();
        seen = PhotoDepths.of(scene, trained, pictures, PhotoPriors.NONE, options(), 1 << 28, Progress.NONE)
                .found(judged, Progress.NONE);
    }

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        OpenSplatComparison comparison = new OpenSplatComparison(
                Path.of(args[0]), Path.of(args[1]), Double.parseDouble(args[3]), Set.of(args[4].split(",")));
        System.out.println(
                "| iterations | Gaussians | OpenSplat dB (SSIM) dB of what is seen, CPU s | ours from the same points | ours |"
                        + "\n|---|---|---|---|---|");
        int[] counts =
                Arrays.stream(args).skip(5).mapToInt(Integer::parseInt).sorted().toArray();
        for (int iterations : counts) {
            Optional<Path> splats = comparison.openSplat(args[2], args[3], iterations, counts);
            if (splats.isPresent()) {
                comparison.row(iterations, splats.get());
            }
        }
    }

    private void row(int iterations, Path openSplat) throws IOException {
        Gaussians theirs = SplatFiles.read(openSplat).gaussians();
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %s, %s | %s | %s |%n",
                iterations,
                theirs.count(),
                judged(theirs),
                cpuSeconds(openSplat),
                ours(iterations, theirs.count(), TrainingTerms.defaults().withStereo(false)),
                ours(iterations, theirs.count(), TrainingTerms.defaults()));
    }

    /** The file of OpenSplat's state after a number of iterations; empty where it failed, with its reason on standard error. */
    private Optional<Path> openSplat(String program, String factor, int iterations, int[] all)
            throws IOException, InterruptedException {
        // One short run serves all numbers up to it; each longer one has a schedule of its own.
        int run = iterations <= SHORT
                ? Arrays.stream(all).filter(n -> n <= SHORT).max().orElseThrow()
                : iterations;
        Path splats =
                out.resolve("opensplat-" + run).resolve(iterations == run ? "out.ply" : "out_" + iterations + ".ply");
        if (!Files.exists(splats)) {
            Path training = out.resolve("scene");
            writeTrainingScene(training);
            Files.createDirectories(splats.getParent());
            List<String> command = new ArrayList<>(List.of(
                    program, training.toString(), "-d", factor, "--num-downscales", "0", "-n", "" + run, "--keep-crs"));
            command.addAll(
                    List.of("-s", "250", "-o", splats.resolveSibling("out.ply").toString()));
            if (run <= SHORT) {
                command.addAll(List.of("--warmup-length", "200"));
            }
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(splats.resolveSibling("log").toFile());
            builder.environment().put("OMP_NUM_THREADS", "1");
            Duration used = finish(builder.start());
            Files.writeString(splats.resolveSibling("cpu-seconds"), "" + used.toSeconds());
        }
        if (!Files.exists(splats)) {
            System.err.println(splats + ": OpenSplat did not write it; see the log beside it");
            return Optional.empty();
        }
        return Optional.of(splats);
    }

    /** Waits for a process; its CPU time, to a second. */
    private static Duration finish(Process process) throws InterruptedException {
        Duration used = Duration.ZERO;
        do {
            used = process.info().totalCpuDuration().orElse(used);
        } while (!process.waitFor(1, TimeUnit.SECONDS));
        return used;
    }

    /** CPU seconds of OpenSplat's run up to a file; those of the whole run shared out evenly over its iterations. */
    private static String cpuSeconds(Path splats) throws IOException {
        Path file = splats.resolveSibling("cpu-seconds");
        if (!Files.exists(file)) {
            return "not measured";
        }
        String whole = splats.getName(splats.getNameCount() - 2).toString().replaceAll("\\D", "");
        String name = splats.getName(splats.getNameCount() - 1).toString().replaceAll("\\D", "");
        double part = name.isEmpty() ? 1 : Double.parseDouble(name) / Double.parseDouble(whole);
        return String.format(
                Locale.ROOT,
                "%.0f",
                part * Double.parseDouble(Files.readString(file).strip()));
    }

    /** The scene without the held-out photos and with links to the others. */
    private void writeTrainingScene(Path training) throws IOException {
        List<View> kept =
                scene.views().stream().filter(v -> !heldOut.contains(v.name())).toList();
        ColmapModel.write(new Scene(scene.cameras(), kept, scene.points()), training.resolve("sparse/0"));
        for (View view : kept) {
            Path link = training.resolve("images").resolve(view.name());
            Files.createDirectories(link.getParent());
            if (!Files.exists(link)) {
                Files.createSymbolicLink(
                        link, folder.resolve("images").resolve(view.name()).toAbsolutePath());
            }
        }
    }

    private String judged(Gaussians gaussians) throws IOException {
        List<Image> renders = new ArrayList<>();
        try (JvmEngine engine = new JvmEngine(2)) {
            engine.load(TrainingState.start(gaussians));
            for (View view : judged) {
                renders.add(engine.render(pictures.pinhole(view, 0), RenderOptions.defaults())
                        .image());
            }
        }
        return judged(renders);
    }

    /** Means over the held-out photos. */
    private String judged(List<Image> renders) throws IOException {
        double psnr = 0;
        double ssim = 0;
        double seenPsnr = 0;
        for (int i = 0; i < judged.size(); i++) {
            Image truth = pictures.image(judged.get(i), 0);
            psnr += Metrics.psnr(renders.get(i), truth) / judged.size();
            ssim += Metrics.ssim(renders.get(i), truth) / judged.size();
            seenPsnr += Metrics.psnr(renders.get(i), truth, seen.get(i)) / judged.size();
        }
        return String.format(Locale.ROOT, "%.2f (%.3f) %.2f", psnr, ssim, seenPsnr);
    }

    private String ours(int iterations, int gaussians, TrainingTerms terms) throws IOException {
        TrainOptions options = options()
                .withIterations(iterations)
                .withMaxGaussians(gaussians)
                .withEvaluations(1)
                .withTerms(terms);
        long start = cpuNanos();
        List<Image> renders = new ArrayList<>();
        SplatTrainer.train(
                scene,
                photos,
                PhotoPriors.NONE,
                options,
                Optional.empty(),
                Progress.NONE,
                (name, rendering, truth) -> renders.add(rendering));
        double seconds = (cpuNanos() - start) / 1e9;
        return judged(renders) + String.format(Locale.ROOT, ", %.0f", seconds);
    }

    private TrainOptions options() {
        return TrainOptions.defaults()
                .withMaxSize(longSide)
                .withHoldout(Holdout.named(List.copyOf(heldOut)))
                .withThreads(2);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
