package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.Similarity3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * The frame in which training happens: the scene moved and scaled, never turned, so that its cameras lie within one unit
 * of the origin. Learning rates, penalties, noise and the near plane then mean the same in every scene, and floats keep
 * their precision far from a georeferenced origin.
 */
final class Normalisation {

    /** Space beyond the outermost camera, as in the reference settings of Kerbl et al. 2023. */
    private static final double MARGIN = 1.1;

    private final double scale;
    private final Vector3d centre;

    private Normalisation(double scale, Vector3d centre) {
        this.scale = scale;
        this.centre = centre;
    }

    /** The frame of some of a scene's views. */
    static Normalisation of(Scene scene, List<View> views) {
        Vector3d centre = new Vector3d();
        for (View view : views) {
            centre.add(view.camFromWorld().targetOriginInSource());
        }
        centre.div(views.size());
        double radius = 0;
        for (View view : views) {
            radius = Math.max(radius, centre.distance(view.camFromWorld().targetOriginInSource()));
        }
        // Cameras close together before something far away (or a single one) say nothing about the scene's size.
        double extent = Math.max(MARGIN * radius, 0.2 * medianDistance(scene.points(), centre));
        return new Normalisation(extent > 0 ? 1 / extent : 1, centre);
    }

    private static double medianDistance(ScenePoints points, Vector3d centre) {
        double[] distances = new double[points.count()];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = points.position(i).distance(centre);
        }
        Arrays.sort(distances);
        return distances.length == 0 ? 0 : distances[distances.length / 2];
    }

    Scene apply(Scene scene) {
        Vector3d translation = new Vector3d(centre).mul(-scale);
        return scene.transform(new Similarity3(scale, new Quaterniond(), translation));
    }

    /** What is known about photos, with depths in this frame. */
    PhotoPriors apply(PhotoPriors priors) {
        return new PhotoPriors() {

            @Override
            public Optional<DepthMap> depth(String photo) throws IOException {
                return priors.depth(photo).map(map -> map.scaled(scale));
            }

            @Override
            public Optional<FeatureMap> features(String photo) throws IOException {
                return priors.features(photo);
            }

            @Override
            public Optional<FeatureMap> patches(String photo) throws IOException {
                return priors.patches(photo);
            }
        };
    }

    /** A view back in the frame of the scene. */
    View undo(View normalised) {
        Similarity3 back = new Similarity3(1 / scale, new Quaterniond(), new Vector3d(centre));
        return normalised.withPose(back.transformPose(normalised.camFromWorld()));
    }

    /** The Gaussians back in the frame of the scene; a copy. */
    Gaussians undo(Gaussians normalised) {
        Gaussians world = normalised.copy();
        float[] means = world.means();
        float[] logScales = world.logScales();
        double logScale = Math.log(scale);
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) (means[i] / scale + centre.get(i % 3));
            logScales[i] = (float) (logScales[i] - logScale);
        }
        return world;
    }

    /** The reverse of {@link #undo}, to judge Gaussians as they stand in the scene's frame; a copy. */
    Gaussians redo(Gaussians world) {
        Gaussians normalised = world.copy();
        float[] means = normalised.means();
        float[] logScales = normalised.logScales();
        double logScale = Math.log(scale);
        for (int i = 0; i < means.length; i++) {
            means[i] = (float) ((means[i] - centre.get(i % 3)) * scale);
            logScales[i] = (float) (logScales[i] + logScale);
        }
        return normalised;
    }
}
