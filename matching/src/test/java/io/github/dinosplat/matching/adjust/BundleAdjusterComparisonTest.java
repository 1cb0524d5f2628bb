package io.github.dinosplat.matching.adjust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COLMAP's {@code bundle_adjuster} (Ceres) and ours on the same model, in CPU seconds; needs COLMAP on the path. */
@Tag("acceptance")
class BundleAdjusterComparisonTest {

    private static final Camera CAMERA = new Camera(CameraModel.SIMPLE_RADIAL, 1500, 1000, 1200, 750, 500, -0.02);
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([\\d.]+)s (\\d+)m([\\d.]+)s");
    private static final double TOLERANCE = 1e-6;

    @TempDir
    private Path folder;

    /** Photos straight down in rows over rolling ground, with noise of half a pixel and disturbed poses and points. */
    private static Scene survey(int rows, int columns, int pointCount) {
        SplittableRandom random = new SplittableRandom(7);
        List<Rigid3> poses = new ArrayList<>();
        for (int v = 0; v < rows * columns; v++) {
            Quaterniond turn = new Quaterniond()
                    .rotateXYZ(0.05 * gaussian(random), 0.05 * gaussian(random), (v / columns) % 2 * Math.PI);
            Vector3d centre = new Vector3d(0.3 * (v % columns), 0.3 * (v / columns), -1 + 0.02 * gaussian(random));
            poses.add(new Rigid3(turn, turn.transform(centre, new Vector3d()).negate()));
        }
        double[] positions = new double[3 * pointCount];
        List<List<double[]>> seen = new ArrayList<>();
        poses.forEach(p -> seen.add(new ArrayList<>()));
        double[] pixel = new double[2];
        for (int p = 0; p < pointCount; p++) {
            double x = random.nextDouble(-0.2, 0.3 * columns - 0.1);
            double y = random.nextDouble(-0.2, 0.3 * rows - 0.1);
            Vector3d point = new Vector3d(x, y, 0.1 * Math.sin(3 * x) * Math.cos(2 * y));
            int[] by = new int[poses.size()];
            double[] at = new double[2 * poses.size()];
            int count = 0;
            for (int v = 0; v < poses.size(); v++) {
                boolean near = Math.abs(0.3 * (v % columns) - x) < 0.8 && Math.abs(0.3 * (v / columns) - y) < 0.8;
                Vector3d c = near ? poses.get(v).transform(new Vector3d(point)) : new Vector3d();
                if (near && c.z > 0) {
                    CAMERA.project(c.x, c.y, c.z, pixel, null, null);
                    boolean inside = pixel[0] > 0 && pixel[0] < 1500 && pixel[1] > 0 && pixel[1] < 1000;
                    if (inside && random.nextDouble() < 0.5) {
                        at[2 * count] = pixel[0] + 0.5 * gaussian(random);
                        at[2 * count + 1] = pixel[1] + 0.5 * gaussian(random);
                        by[count++] = v;
                    }
                }
            }
            if (count < 2) {
                p--;
                continue;
            }
            for (int i = 0; i < count; i++) {
                seen.get(by[i]).add(new double[] {at[2 * i], at[2 * i + 1], p});
            }
            positions[3 * p] = point.x + 0.005 * gaussian(random);
            positions[3 * p + 1] = point.y + 0.005 * gaussian(random);
            positions[3 * p + 2] = point.z + 0.005 * gaussian(random);
        }
        List<View> views = new ArrayList<>();
        for (int v = 0; v < poses.size(); v++) {
            List<double[]> of = seen.get(v);
            Quaterniond turn = new Quaterniond()
                    .rotateXYZ(0.002 * gaussian(random), 0.002 * gaussian(random), 0.002 * gaussian(random));
            views.add(new View(
                    String.format(Locale.ROOT, "%04d.jpg", v),
                    0,
                    new Rigid3(turn, new Vector3d(0.005 * gaussian(random))).compose(poses.get(v)),
                    of.stream().flatMapToDouble(o -> Arrays.stream(o, 0, 2)).toArray(),
                    of.stream().mapToInt(o -> (int) o[2]).toArray()));
        }
        return new Scene(
                List.of(CAMERA.withParameters(1230, 750, 500, 0)),
                views,
                new ScenePoints(positions, new byte[3 * pointCount], new double[pointCount]));
    }

    private static double gaussian(SplittableRandom random) {
        return SyntheticBundle.gaussian(random);
    }

    private static BundleProblem problem(Scene scene) {
        int n = scene.observationCount();
        int[] view = new int[n];
        int[] point = new int[n];
        double[] pixels = new double[2 * n];
        int o = 0;
        for (int v = 0; v < scene.views().size(); v++) {
            View from = scene.views().get(v);
            for (int k = 0; k < from.keypointCount(); k++) {
                if (from.pointIndex(k) >= 0) {
                    view[o] = v;
                    point[o] = from.pointIndex(k);
                    pixels[2 * o] = from.x(k);
                    pixels[2 * o++ + 1] = from.y(k);
                }
            }
        }
        double[] positions = new double[3 * scene.points().count()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = scene.points().coordinate(i / 3, i % 3);
        }
        BundleProblem problem = new BundleProblem(
                scene.cameras(),
                scene.views().stream().map(View::camFromWorld).toList(),
                scene.views().stream().mapToInt(View::cameraIndex).toArray(),
                positions,
                view,
                point,
                pixels);
        for (int c = 0; c < scene.cameras().size(); c++) {
            boolean[] mask = new boolean[scene.cameras().get(c).model().parameterCount()];
            int centre = scene.cameras().get(c).model().focalCount();
            Arrays.fill(mask, true);
            mask[centre] = false;
            mask[centre + 1] = false;
            problem.refineCamera(c, mask);
        }
        return problem;
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                * 1e-9;
    }

    /** CPU seconds of COLMAP's adjustment. */
    private double colmap(Path in, Path out) throws IOException, InterruptedException {
        Files.createDirectories(out);
        String command = "QT_QPA_PLATFORM=offscreen colmap bundle_adjuster --input_path " + in + " --output_path " + out
                + " --BundleAdjustment.function_tolerance " + TOLERANCE + " > " + folder + "/log 2>&1 && times";
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(() -> "colmap: " + log()).isZero();
        // The second line is of the shell's children.
        Matcher times = TIMES.matcher(printed.split("\n")[1]);
        assertThat(times.find()).isTrue();
        return 60 * (Integer.parseInt(times.group(1)) + Integer.parseInt(times.group(3)))
                + Double.parseDouble(times.group(2))
                + Double.parseDouble(times.group(4));
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void compare(Scene scene) throws IOException, InterruptedException {
        boolean installed =
                Arrays.stream(System.getenv("PATH").split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, "colmap")));
        assumeTrue(installed, "no colmap on the path");
        ColmapModel.write(scene, folder.resolve("in"));
        double theirs = colmap(folder.resolve("in"), folder.resolve("out"));
        double theirCost = cost(problem(ColmapModel.read(folder.resolve("out"))));
        BundleProblem problem = problem(scene);
        double start = cpuSeconds();
        AdjustmentReport report =
                BundleAdjustment.adjust(problem, AdjustmentOptions.defaults().withLimits(100, TOLERANCE));
        double ours = cpuSeconds() - start;
        System.Logger logger = System.getLogger(BundleAdjusterComparisonTest.class.getName());
        logger.log(
                System.Logger.Level.INFO,
                () -> String.format(
                        Locale.ROOT,
                        "%d views, %d observations: ours %.1f CPU s, %d steps, cost %.2f; COLMAP %.1f CPU s, cost %.2f",
                        scene.views().size(),
                        scene.observationCount(),
                        ours,
                        report.iterations(),
                        report.finalCost(),
                        theirs,
                        theirCost));
        assertThat(report.finalCost()).isLessThan(1.001 * theirCost);
        assertThat(ours).isLessThan(2 * theirs);
    }

    private static double cost(BundleProblem problem) {
        return BundleAdjustment.adjust(problem, AdjustmentOptions.defaults().withLimits(0, 0))
                .initialCost();
    }

    @Test
    void seventyFivePhotos() throws Exception {
        compare(survey(5, 15, 40_000));
    }

    @Test
    void aThousandPhotos() throws Exception {
        compare(survey(25, 40, 15_000));
    }
}
