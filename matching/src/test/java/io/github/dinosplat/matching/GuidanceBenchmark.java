package io.github.dinosplat.matching;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.SceneFile;
import io.github.dinosplat.scene.io.StrechaCameras;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.joml.Vector3d;

/**
 * Measures what guidance by dense features is worth: the same pairs of real photos matched with it and without, as a table in
 * Markdown. The command is in the module's README. Times are of the process on the processor and hold everything from the
 * decoded photos to the matches, the features as well; the two ways take turns, after a first pair that does not count.
 */
final class GuidanceBenchmark {

    /** Degrees under which a pose counts as found, and of the areas under the curve. */
    private static final double POSE_DEG = 5;

    private static final double[] AREAS = {1, 3, 5, 10};
    /** Distance from the truth under which a match is right, and under which a point counts, as a share of the diagonal. */
    private static final double RIGHT = 0.01;

    private static final double SOLVED_POINTS = 0.8;
    private static final double SOLVED_MATCHES = 0.5;
    private static final int LEAST_MATCHES = 15;
    /** Photos of the temple that look in directions farther apart show different sides of it. */
    private static final double TEMPLE_DEG = 50;

    private GuidanceBenchmark() {}

    /** Two photos and what is known of them. */
    private record Pair(String name, Path a, Path b, Optional<Camera> cameraA, Optional<Camera> cameraB, Truth truth) {}

    /** Judges what was found. */
    private interface Truth {
        Verdict judge(PhotoMatches found, Image b);
    }

    /** Error of the pose in degrees where there is a true one. */
    private record Verdict(boolean solved, int right, double errorDeg) {}

    /** Sums over pairs. */
    private static final class Row {
        int solved;
        long matches;
        long right;
        final double[] areas = new double[AREAS.length];
        double cpu;

        void add(PhotoMatches found, Verdict verdict, double seconds) {
            solved += verdict.solved ? 1 : 0;
            matches += found.count();
            right += verdict.right;
            for (int k = 0; k < AREAS.length; k++) {
                areas[k] += Math.max(0, 1 - verdict.errorDeg / AREAS[k]);
            }
            cpu += seconds;
        }

        String line(String set, int pairs, String guidance, boolean poses) {
            String area = poses
                    ? String.format(
                            Locale.ROOT,
                            "%.3f/%.3f/%.3f/%.3f",
                            areas[0] / pairs,
                            areas[1] / pairs,
                            areas[2] / pairs,
                            areas[3] / pairs)
                    : "-";
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %d | %d | %.3f | %s | %.1f |",
                    set,
                    pairs,
                    guidance,
                    solved,
                    matches,
                    (double) right / Math.max(1, matches),
                    area,
                    cpu);
        }
    }

    /** Arguments: folder with the data sets, names of sets (wxbs, temple, fountain, herz-jesu), then perhaps a model file. */
    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[0]);
        List<String> sets = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
        boolean own = sets.removeIf(s -> s.endsWith(".onnx"));
        MatchOptions options = MatchOptions.defaults().withGuided(true);
        try (DenseFeatures network = own
                        ? DenseFeatures.open(Path.of(args[args.length - 1]), PhotoMatcher.featureOptions())
                        : DenseFeatures.embedded(PhotoMatcher.featureOptions());
                PhotoMatcher off = new PhotoMatcher(KeypointOptions.defaults(), options, Optional.empty());
                PhotoMatcher on = new PhotoMatcher(KeypointOptions.defaults(), options, Optional.of(network))) {
            System.out.println("| set | pairs | guidance | solved | matches | right | AUC@1/3/5/10 | CPU s |");
            System.out.println("|---|---|---|---|---|---|---|---|");
            for (String set : sets) {
                List<Pair> pairs = pairs(data, set);
                run(pairs.get(0), off, new Row());
                run(pairs.get(0), on, new Row());
                Row without = new Row();
                Row with = new Row();
                for (Pair pair : pairs) {
                    String first = run(pair, off, without);
                    System.err.println(pair.name + ": " + first + " / " + run(pair, on, with));
                }
                boolean poses = !set.equals("wxbs");
                System.out.println(without.line(set, pairs.size(), "off", poses));
                System.out.println(with.line(set, pairs.size(), network.name(), poses));
            }
        }
    }

    /** Whether a matcher solves one of the WxBS and EVD pairs. */
    static boolean solves(Path folder, String name, PhotoMatcher matcher) throws IOException {
        Row row = new Row();
        for (Pair pair : wxbs(folder)) {
            if (pair.name.equals(name)) {
                run(pair, matcher, row);
            }
        }
        return row.solved == 1;
    }

    private static String run(Pair pair, PhotoMatcher matcher, Row row) throws IOException {
        Image a = ImageFiles.read(pair.a);
        Image b = ImageFiles.read(pair.b);
        double start = cpuSeconds();
        PhotoMatches found = matcher.match(a, pair.cameraA, b, pair.cameraB);
        double seconds = cpuSeconds() - start;
        Verdict verdict = pair.truth.judge(found, b);
        row.add(found, verdict, seconds);
        return (verdict.solved ? "solved, " : "") + found.count() + " by " + found.way() + ", " + (int) seconds + " s";
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                * 1e-9;
    }

    private static List<Pair> pairs(Path data, String set) throws IOException {
        return switch (set) {
            case "wxbs" -> wxbs(data.resolve("wxbs-pairs"));
            case "temple" -> {
                Path folder = data.resolve("middlebury-temple-sparse-ring");
                yield posed(folder, SceneFile.read(folder, Optional.of(folder)).scene(), TEMPLE_DEG);
            }
            case "fountain" -> strecha(data.resolve("strecha-fountain-p11"));
            case "herz-jesu" -> strecha(data.resolve("strecha-herz-jesu-p8"));
            default -> throw new IOException("no set " + set + ": give wxbs, temple, fountain or herz-jesu");
        };
    }

    private static List<Pair> strecha(Path folder) throws IOException {
        return posed(folder.resolve("images"), StrechaCameras.read(folder.resolve("gt_cameras")), 180);
    }

    /** Pairs of photos with known cameras that look in directions not farther apart. */
    private static List<Pair> posed(Path photos, Scene truth, double mostDeg) {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < truth.views().size(); i++) {
            for (int j = i + 1; j < truth.views().size(); j++) {
                View a = truth.views().get(i);
                View b = truth.views().get(j);
                Rigid3 bFromA = b.camFromWorld().compose(a.camFromWorld().inverse());
                if (Math.toDegrees(
                                new Vector3d(0, 0, 1).rotate(bFromA.rotation()).angle(new Vector3d(0, 0, 1)))
                        <= mostDeg) {
                    pairs.add(new Pair(
                            a.name() + " " + b.name(),
                            photos.resolve(a.name()),
                            photos.resolve(b.name()),
                            Optional.of(truth.cameraOf(a)),
                            Optional.of(truth.cameraOf(b)),
                            pose(truth.cameraOf(a), truth.cameraOf(b), bFromA)));
                }
            }
        }
        return pairs;
    }

    private static Truth pose(Camera a, Camera b, Rigid3 truth) {
        double[] f = RobustEssential.fundamentalOf(a, b, truth);
        return (found, photo) -> {
            double error = found.bFromA()
                    .map(pose -> Math.max(
                            Math.toDegrees(pose.rotationAngleTo(truth)),
                            Math.toDegrees(new Vector3d(pose.translation()).angle(new Vector3d(truth.translation())))))
                    .orElse(180.0);
            double near = RIGHT * Math.hypot(photo.width(), photo.height());
            int right = onLines(found.pixelsA(), found.pixelsB(), f, near);
            return new Verdict(error < POSE_DEG, right, error);
        };
    }

    private static List<Pair> wxbs(Path folder) throws IOException {
        List<Path> folders;
        try (Stream<Path> list = Files.list(folder)) {
            folders = list.filter(Files::isDirectory).sorted().toList();
        }
        List<Pair> pairs = new ArrayList<>();
        for (Path pair : folders) {
            boolean plane = Files.exists(pair.resolve("H.txt"));
            double[] numbers = Stream.of(Files.readString(pair.resolve(plane ? "H.txt" : "corrs.txt"))
                            .trim()
                            .split("[\\s,]+"))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            pairs.add(new Pair(
                    pair.getFileName().toString(),
                    pair.resolve("01.jpg"),
                    pair.resolve("02.jpg"),
                    Optional.empty(),
                    Optional.empty(),
                    plane ? plane(numbers) : points(numbers)));
        }
        return pairs;
    }

    /** Solved where half of the matches are right. */
    private static Truth plane(double[] h) {
        return (found, photo) -> {
            double near = RIGHT * Math.hypot(photo.width(), photo.height());
            int right = 0;
            for (int i = 0; i < found.count(); i++) {
                Vector3d p = new Vector3d(found.pixelsA()[2 * i], found.pixelsA()[2 * i + 1], 1);
                double z = h[6] * p.x + h[7] * p.y + h[8];
                double x = (h[0] * p.x + h[1] * p.y + h[2]) / z;
                double y = (h[3] * p.x + h[4] * p.y + h[5]) / z;
                right += Math.hypot(x - found.pixelsB()[2 * i], y - found.pixelsB()[2 * i + 1]) < near ? 1 : 0;
            }
            boolean solved = found.count() >= LEAST_MATCHES && right >= SOLVED_MATCHES * found.count();
            return new Verdict(solved, right, 180);
        };
    }

    /** Solved where the epipolar lines pass four fifths of hand-made points; matches are then taken to be right. */
    private static Truth points(double[] rows) {
        int n = rows.length / 4;
        double[] a = new double[2 * n];
        double[] b = new double[2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(rows, 4 * i, a, 2 * i, 2);
            System.arraycopy(rows, 4 * i + 2, b, 2 * i, 2);
        }
        return (found, photo) -> {
            double near = RIGHT * Math.hypot(photo.width(), photo.height());
            boolean solved = found.fundamental()
                    .map(f -> onLines(a, b, f, near) >= SOLVED_POINTS * n)
                    .orElse(false);
            return new Verdict(solved, solved ? found.count() : 0, 180);
        };
    }

    /** How many points lie near their epipolar lines in both photos. */
    private static int onLines(double[] a, double[] b, double[] f, double near) {
        int count = 0;
        for (int i = 0; i < a.length; i += 2) {
            Vector3d inA = new Vector3d(a[i], a[i + 1], 1);
            Vector3d inB = new Vector3d(b[i], b[i + 1], 1);
            double bx = f[0] * inA.x + f[1] * inA.y + f[2];
            double by = f[3] * inA.x + f[4] * inA.y + f[5];
            double bz = f[6] * inA.x + f[7] * inA.y + f[8];
            double ax = f[0] * inB.x + f[3] * inB.y + f[6];
            double ay = f[1] * inB.x + f[4] * inB.y + f[7];
            double off = Math.abs(bx * inB.x + by * inB.y + bz) / Math.min(Math.hypot(bx, by), Math.hypot(ax, ay));
            count += off < near ? 1 : 0;
        }
        return count;
    }
}
