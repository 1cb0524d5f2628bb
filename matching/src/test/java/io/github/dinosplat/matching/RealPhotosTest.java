package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.io.SceneFile;
import io.github.dinosplat.scene.io.StrechaCameras;
import io.github.dinosplat.scene.testing.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whole reconstructions of real photo sets; minutes. */
@Tag("acceptance")
class RealPhotosTest {

    private static Path folder(String set) {
        Optional<Path> folder = RealData.folder(set);
        assumeTrue(folder.isPresent(), RealData.absence(set));
        return folder.orElseThrow();
    }

    private static SfmResult reconstruct(String set, SfmOptions options) throws IOException {
        PhotoFolder photos = PhotoFolder.read(folder(set).resolve("images"));
        return StructureFromMotion.reconstruct(
                photos.photos(), ImageFiles.source(photos.photos()), options, Optional.empty(), Progress.NONE);
    }

    private static void strecha(String set, int photos, double medianMetres, double auc1) throws IOException {
        Path cameras = folder(set).resolve("gt_cameras");
        SfmResult result =
                reconstruct(set, SfmOptions.defaults().withIntrinsics(Intrinsics.parse(cameras.toString()), false));
        Scene scene = result.models().get(0);
        assertThat(scene.views()).hasSize(photos);
        Scene truth = StrechaCameras.read(cameras);
        assertThat(PoseErrors.worstRotationDeg(scene, truth)).isLessThan(0.1);
        assertThat(medianPositionError(scene, truth)).isLessThan(medianMetres);
        assertThat(scene.meanReprojectionError()).isLessThan(0.5);
        assertThat(PoseErrors.auc(scene, truth, 1)).isGreaterThan(auc1);
    }

    /** Without known intrinsics: the model of all photos, judged against true cameras. */
    private static Scene unknown(String set, Path images, Scene truth, double auc1, double auc5) throws IOException {
        PhotoFolder photos = PhotoFolder.read(images);
        SfmResult result = StructureFromMotion.reconstruct(
                photos.photos(),
                ImageFiles.source(photos.photos()),
                SfmOptions.defaults(),
                Optional.empty(),
                Progress.NONE);
        Scene scene = result.models().get(0);
        assertThat(result.unregistered()).as(set).isEmpty();
        assertThat(PoseErrors.auc(scene, truth, 1)).as(set).isGreaterThan(auc1);
        assertThat(PoseErrors.auc(scene, truth, 5)).as(set).isGreaterThan(auc5);
        return scene;
    }

    private static void counts(Scene scene, int points, double track, double error) {
        assertThat(scene.points().count()).isGreaterThan(points);
        assertThat((double) scene.observationCount() / scene.points().count()).isGreaterThan(track);
        assertThat(scene.meanReprojectionError()).isLessThan(error);
    }

    /** Median distance of the camera centres after the similarity of rotations, middles and spreads. */
    private static double medianPositionError(Scene scene, Scene truth) {
        int n = scene.views().size();
        Vector3d[] found = new Vector3d[n];
        Vector3d[] expected = new Vector3d[n];
        Quaterniond turn = new Quaterniond(0, 0, 0, 0);
        for (int i = 0; i < n; i++) {
            View view = scene.views().get(i);
            Rigid3 gt = truth.view(view.name()).orElseThrow().camFromWorld();
            found[i] = view.camFromWorld().targetOriginInSource();
            expected[i] = gt.targetOriginInSource();
            Quaterniond q = new Quaterniond(gt.rotation())
                    .conjugate()
                    .mul(view.camFromWorld().rotation());
            double sign = i > 0 && q.dot(turn) < 0 ? -1 : 1;
            turn.add(sign * q.x, sign * q.y, sign * q.z, sign * q.w);
        }
        turn.normalize();
        centre(found);
        centre(expected);
        double a = Arrays.stream(found).mapToDouble(Vector3d::lengthSquared).sum();
        double b = Arrays.stream(expected).mapToDouble(Vector3d::lengthSquared).sum();
        double[] errors = new double[n];
        for (int i = 0; i < n; i++) {
            errors[i] = turn.transform(found[i]).mul(Math.sqrt(b / a)).distance(expected[i]);
        }
        Arrays.sort(errors);
        return errors[n / 2];
    }

    private static void centre(Vector3d[] points) {
        Vector3d mean = new Vector3d();
        for (Vector3d p : points) {
            mean.add(p);
        }
        mean.div(points.length);
        for (Vector3d p : points) {
            p.sub(mean);
        }
    }

    // The bounds are those of COLMAP 3.8 on the same photos or better; points are at least 0.8, tracks 0.9 times its,
    // errors
    // (per observation) at most 1.2 times.

    @Test
    void fountain() throws IOException {
        strecha("strecha-fountain-p11", 11, 0.010, 0.943);
    }

    @Test
    void herzJesu() throws IOException {
        strecha("strecha-herz-jesu-p8", 8, 0.010, 0.935);
    }

    @Test
    void fountainWithUnknownIntrinsics() throws IOException {
        Path set = folder("strecha-fountain-p11");
        Scene truth = StrechaCameras.read(set.resolve("gt_cameras"));
        counts(unknown("fountain", set.resolve("images"), truth, 0.85, 0.96), 10_880, 4.21, 0.32);
    }

    @Test
    void herzJesuWithUnknownIntrinsics() throws IOException {
        Path set = folder("strecha-herz-jesu-p8");
        Scene truth = StrechaCameras.read(set.resolve("gt_cameras"));
        counts(unknown("Herz-Jesu", set.resolve("images"), truth, 0.9, 0.97), 5_616, 3.71, 0.35);
    }

    @Test
    void littleTextureOnARing() throws IOException {
        Path set = folder("middlebury-temple-sparse-ring");
        Scene truth = SceneFile.read(set.resolve("templeSR_par.txt"), Optional.of(set))
                .scene();
        counts(unknown("temple", set, truth, 0.5, 0.88), 1_174, 3.01, 0.28);
    }

    @Test
    void castleWithUnknownDistortion() throws IOException {
        Path set = folder("sceaux-castle");
        Scene reference = ColmapModel.read(set.resolve("reference-models/colmap-bin"));
        Scene scene = unknown("sceaux", set.resolve("images"), reference, 0.94, 0.97);
        counts(scene, 6_422, 4.29, 0.75);
        assertThat(scene.cameras().get(0).fx()).isBetween(2900.0, 3050.0);
    }

    @Test
    void phoneFramesWithoutExif() throws IOException {
        SfmResult result = reconstruct("ngp-fox", SfmOptions.defaults());
        assertThat(result.models().get(0).views()).hasSize(50);
        counts(result.models().get(0), 12_100, 5.7, 1.15);
        assertThat(result.models().get(0).cameras().get(0).fx()).isBetween(1340.0, 1420.0);
    }

    @Test
    void nadirPhotosOfADrone() throws IOException {
        SfmResult result = reconstruct("odm-caliterra", SfmOptions.defaults());
        assertThat(result.models().get(0).views()).hasSize(75);
        counts(result.models().get(0), 40_426, 5.63, 0.83);
    }

    @Test
    void photosFromAKite() throws IOException {
        SfmResult result = reconstruct("odm-copr", SfmOptions.defaults());
        assertThat(result.models().get(0).views()).hasSizeGreaterThanOrEqualTo(38);
        assertThat(result.models().get(0).points().count()).isGreaterThan(48_000);
        assertThat(result.models().get(0).meanReprojectionError()).isLessThan(0.326);
        assertThat(result.unregistered()).allMatch(u -> u.reason().matches(".*\\d.*"));
    }
}
