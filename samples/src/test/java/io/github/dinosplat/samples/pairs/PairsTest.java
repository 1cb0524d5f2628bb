package io.github.dinosplat.samples.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Known pairs, how matches are judged by them, and the bars that matching of two photos is held to. */
class PairsTest {

    private static final int SHIFT = 24;

    private static Path data(String set) {
        Optional<Path> folder = RealData.folder(set);
        assumeTrue(folder.isPresent(), RealData.absence(set));
        return folder.orElseThrow().resolve("..");
    }

    /** A random texture, and the same seen from farther left. */
    private static PhotoMatches shifted() {
        int w = 320;
        int h = 240;
        byte[] wide = new byte[3 * (w + SHIFT) * h];
        SplittableRandom random = new SplittableRandom(4);
        float[] cells = new float[64 * 64];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = random.nextInt(256);
        }
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w + SHIFT; x++) {
                byte grey = (byte) (int) cells[y / 6 * 64 + x / 6];
                for (int c = 0; c < 3; c++) {
                    wide[3 * (y * (w + SHIFT) + x) + c] = grey;
                }
            }
        }
        Image all = new Image(w + SHIFT, h, wide);
        try (PhotoMatcher matcher = GuidanceTable.matcher(Optional.empty())) {
            return matcher.match(cut(all, 0, w), Optional.empty(), cut(all, SHIFT, w), Optional.empty());
        }
    }

    private static Image cut(Image image, int left, int width) {
        byte[] rgb = new byte[3 * width * image.height()];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), 3 * (y * image.width() + left), rgb, 3 * y * width, 3 * width);
        }
        return new Image(width, image.height(), rgb);
    }

    @Test
    void matchesAreJudgedByPlanesPointsAndPoses() {
        PhotoMatches found = shifted();
        assertThat(found.count()).isGreaterThan(60);
        Truth plane = new TruePlane(new double[] {1, 0, -SHIFT, 0, 1, 0, 0, 0, 1});
        Truth.Verdict verdict = plane.judge(found, 400);
        assertThat(verdict.solved()).isTrue();
        assertThat(verdict.right()).isEqualTo(found.count());
        Truth otherPlane = new TruePlane(new double[] {1, 0, -SHIFT - 5, 0, 1, 0, 0, 0, 1});
        assertThat(otherPlane.judge(found, 400)).isEqualTo(new Truth.Verdict(false, 0, 180));

        double[] a = {100, 50, 200, 80, 150, 200, 60, 120, 290, 30};
        assertThat(new TruePoints(a, moved(a, -SHIFT, 0)).judge(found, 400).solved())
                .isTrue();
        // Off the lines both if these are level, and if they lean to fit one of the points.
        double[] off = moved(a, -SHIFT, 0);
        for (int i = 1; i < off.length; i += 2) {
            off[i] += 40 * Math.sin(i);
        }
        assertThat(new TruePoints(a, off).judge(found, 400).solved()).isFalse();

        Camera camera = new Camera(CameraModel.SIMPLE_PINHOLE, 320, 240, 300, 160, 120);
        TruePose pose = new TruePose(camera, camera, new Rigid3(new Quaterniond(), new Vector3d(-2, 0, 0)));
        assertThat(pose.errorDeg(new Rigid3(new Quaterniond(), new Vector3d(-1, 0, 0))))
                .isCloseTo(0, offset(1e-9));
        assertThat(pose.errorDeg(new Rigid3(new Quaterniond().rotateY(0.1), new Vector3d(-1, 0, 0))))
                .isCloseTo(Math.toDegrees(0.1), offset(1e-9));
        assertThat(pose.errorDeg(new Rigid3(new Quaterniond(), new Vector3d(0, 1, 0))))
                .isCloseTo(90, offset(1e-9));
        assertThat(pose.judge(found, 400)).isEqualTo(new Truth.Verdict(false, found.count(), 180));
    }

    private static double[] moved(double[] points, double x, double y) {
        double[] out = points.clone();
        for (int i = 0; i < out.length; i += 2) {
            out[i] += x;
            out[i + 1] += y;
        }
        return out;
    }

    @Test
    void areasAreExact() {
        PoseAreas areas = new PoseAreas();
        areas.add(0.5);
        areas.add(180);
        assertThat(areas.values()).containsExactly(0.25, (1 - 0.5 / 3) / 2, 0.45, 0.475);
        assertThat(areas).hasToString("0.250 0.417 0.450 0.475");
    }

    @Test
    void framesOfAStrongLensMatchTheirTrajectory() throws IOException {
        List<KnownPair> pairs = PairSets.read(data("tum-fr2-desk"), "tum");
        assertThat(pairs).hasSize(45);
        // The nearest two frames are too near for a direction; the first and the sixth are 0.3 m apart.
        double[] areas = TwoViewTable.measure(pairs.subList(4, 6)).areas();
        assertThat(areas[3]).isGreaterThan(0.5);
    }

    @Test
    void neighboursOfPosedPhotosAndSetsThatDoNotExist(@TempDir Path folder) throws IOException {
        List<KnownPair> ring = PairSets.read(data("middlebury-temple-sparse-ring"), "temple");
        assertThat(ring).hasSizeBetween(20, 40);
        assertThat(ring).allMatch(p -> p.truth() instanceof TruePose);
        assertThatThrownBy(() -> PairSets.read(folder, "moon"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no set moon")
                .hasMessageContaining("PHOTOS,SCENE");
        ImageFiles.writePng(new Image(16, 16, new byte[3 * 16 * 16]), folder.resolve("a.png"));
        assertThatThrownBy(() -> PairSets.read(folder, folder + "," + folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no scene");
    }

    @Test
    @Tag("acceptance")
    void allPairsBeatOpenCv() throws IOException {
        // SIFT with 4,096 features, mutual ratio 0.8, USAC_MAGSAC: the better figures of two measurements of the first
        // two sets.
        Path data = data("strecha-fountain-p11");
        assertThat(areas(data, "fountain")).satisfies(v -> isAbove(v, 0.654, 0.839, 0.885, 0.924));
        assertThat(areas(data, "herz-jesu")).satisfies(v -> isAbove(v, 0.663, 0.857, 0.900, 0.940));
        assertThat(areas(data, "tum")).satisfies(v -> isAbove(v, 0.008, 0.148, 0.307, 0.582));
    }

    private static double[] areas(Path data, String set) throws IOException {
        return TwoViewTable.measure(PairSets.read(data, set)).areas();
    }

    private static void isAbove(double[] values, double... bars) {
        for (int k = 0; k < bars.length; k++) {
            assertThat(values[k]).as("area " + k).isGreaterThan(bars[k]);
        }
    }

    @Test
    @Tag("acceptance")
    void guidanceSolvesPairsThatAreNotSolvedWithout() throws IOException {
        List<KnownPair> pairs = PairSets.read(data("wxbs-pairs"), "wxbs");
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        try (DenseFeatures network = DenseFeatures.embedded(PhotoMatcher.featureOptions());
                PhotoMatcher on = GuidanceTable.matcher(Optional.of(network));
                PhotoMatcher off = GuidanceTable.matcher(Optional.empty())) {
            for (KnownPair pair : pairs) {
                if (List.of("WGABS-kyiv", "WGLBS-berlin", "WGLBS-church", "WLABS-kyiv")
                        .contains(pair.name())) {
                    if (GuidanceTable.solves(pair, on)) {
                        with.add(pair.name());
                    }
                    if (GuidanceTable.solves(pair, off)) {
                        without.add(pair.name());
                    }
                }
            }
        }
        assertThat(with).hasSizeGreaterThanOrEqualTo(without.size() + 2);
    }
}
