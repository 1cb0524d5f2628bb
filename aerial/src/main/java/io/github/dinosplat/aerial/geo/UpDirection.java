package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * Which way is up in a scene, as far as its cameras and points can tell without GPS.
 *
 * @param upInScene unit vector in the scene's frame
 * @param source what told
 */
public record UpDirection(Vector3d upInScene, TiltSource source) {

    /**
     * Estimates up: from gimbal angles where at least half of the photos have them; else from the ground plane or the
     * viewing directions of photos that look straight down; else from photos taken upright.
     *
     * @param scene a scene with at least one view
     * @param photos the photos, for their EXIF orientation and gimbal angles; may be empty
     * @return the direction, never {@link TiltSource#GPS}
     */
    public static UpDirection estimate(Scene scene, List<Photo> photos) {
        return estimate(scene, photos, true, 0);
    }

    /**
     * The same with what else is known.
     *
     * @param mayLookDown false where the cameras stand on one line, so that nothing tells a street from a flight strip
     */
    static UpDirection estimate(Scene scene, List<Photo> photos, boolean mayLookDown, long seed) {
        Vector3d[] centres = centres(scene);
        CameraAttitudes attitudes = new CameraAttitudes(scene, Photo.byName(photos));
        if (attitudes.upByGimbals().isEmpty() && mayLookDown && attitudes.lookDown(centres)) {
            Vector3d middle = CameraAttitudes.meanOf(List.of(centres));
            Optional<Vector3d> ground = GroundPlane.normal(scene.points(), middle, attitudes.upAgainstView(), seed);
            if (ground.isPresent()) {
                return new UpDirection(ground.get(), TiltSource.GROUND_PLANE);
            }
        }
        return byAttitudes(scene, photos, mayLookDown);
    }

    /** The estimate from the cameras' attitudes alone: rougher than the ground where that is level, but no hill tilts it. */
    static UpDirection byAttitudes(Scene scene, List<Photo> photos, boolean mayLookDown) {
        CameraAttitudes attitudes = new CameraAttitudes(scene, Photo.byName(photos));
        Vector3d up = attitudes
                .upByGimbals()
                .orElseGet(() -> mayLookDown && attitudes.lookDown(centres(scene))
                        ? attitudes.upAgainstView()
                        : attitudes.upOfUprightPhotos());
        return new UpDirection(up, TiltSource.GRAVITY);
    }

    private static Vector3d[] centres(Scene scene) {
        return scene.views().stream()
                .map(View::camFromWorld)
                .map(Rigid3::targetOriginInSource)
                .toArray(Vector3d[]::new);
    }
}
