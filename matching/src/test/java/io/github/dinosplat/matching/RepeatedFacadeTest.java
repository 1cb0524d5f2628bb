package io.github.dinosplat.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoMetadata;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.synthetic.SyntheticWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joml.Matrix3d;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** A walk along a front of identical bays: photos that are a bay apart look alike, and yet the model must not fold. */
class RepeatedFacadeTest {

    private static final Camera CAMERA = new Camera(CameraModel.PINHOLE, 480, 360, 420, 420, 240, 180);

    @Test
    void photosABayApartAreNotPutInOnePlace() throws IOException {
        SyntheticWorld world = SyntheticWorld.repeatedFacade(3);
        List<View> views = new ArrayList<>();
        Map<String, Image> pixels = new HashMap<>();
        List<Photo> photos = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            // 0.6 m apart, so that every fifth photo stands before the next bay just as this one does before its own.
            Vector3d centre = new Vector3d(-3.6 + 0.6 * i, -1.5, 1.7);
            double pitch = -0.2;
            Matrix3d camFromWorld = new Matrix3d(
                            new Vector3d(1, 0, 0),
                            new Vector3d(0, Math.sin(pitch), -Math.cos(pitch)),
                            new Vector3d(0, Math.cos(pitch), Math.sin(pitch)))
                    .transpose();
            Quaterniond rotation = new Quaterniond().setFromNormalized(camFromWorld);
            Rigid3 pose = new Rigid3(
                    rotation, rotation.transform(centre, new Vector3d()).negate());
            String name = "walk%02d.png".formatted(i);
            views.add(new View(name, 0, pose, new double[0], new int[0]));
            pixels.put(name, world.render(CAMERA, pose));
            photos.add(new Photo(name, Path.of("none", name), 480, 360, PhotoMetadata.NONE));
        }
        Scene truth = new Scene(List.of(CAMERA), views, ScenePoints.NONE);
        SfmResult result = StructureFromMotion.reconstruct(
                photos,
                name -> Optional.ofNullable(pixels.get(name)).orElseThrow(),
                SfmOptions.defaults()
                        .withIntrinsics(Intrinsics.parse("420,420,240,180"), false)
                        .withThreads(2),
                Optional.empty(),
                Progress.NONE);
        Scene scene = result.models().get(0);
        assertThat(scene.views()).hasSize(13);
        // A folded model has photos of different bays in one place: the directions between them are anything.
        assertThat(PoseErrors.worstRotationDeg(scene, truth)).isLessThan(1.0);
        assertThat(PoseErrors.worstDirectionDeg(scene, truth)).isLessThan(5.0);
        double length = distance(scene, "walk00.png", "walk12.png");
        assertThat(distance(scene, "walk00.png", "walk06.png") / length).isBetween(0.48, 0.52);
        assertThat(distance(scene, "walk03.png", "walk04.png") / length).isBetween(0.075, 0.092);
    }

    private static double distance(Scene scene, String a, String b) {
        Vector3d one = scene.view(a).orElseThrow().camFromWorld().targetOriginInSource();
        return one.distance(scene.view(b).orElseThrow().camFromWorld().targetOriginInSource());
    }
}
