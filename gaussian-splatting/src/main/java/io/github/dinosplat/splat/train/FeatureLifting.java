package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.Rendering;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * Features of Gaussians from the photos that show them: for each Gaussian the mean over photos of what the feature map
 * has at its centre, where it lies on the rendered surface. Photos that disagree with the mean count less, so that
 * something that only some photos show does not leave its mark on what is behind it.
 */
final class FeatureLifting {

    /** A Gaussian is seen where its depth differs from the rendered one by less than this part. */
    private static final double ON_SURFACE = 0.05;

    private static final float SEEN_THROUGH = 0.5f;

    /** Distance of features, squared, at which a photo counts half. */
    private static final double DISAGREEMENT = 0.5;

    private static final int ROUNDS = 2;

    private final Gaussians gaussians;
    private final List<Source> sources;
    private final int channels;
    /** By photo and Gaussian: features, and their weight. */
    private final float[][] features;

    private final float[][] weights;

    /**
     * A photo to take features from.
     *
     * @param camera the photo's camera
     * @param map features of the photo
     * @param rendering the Gaussians as the camera sees them
     */
    record Source(PinholeView camera, FeatureMap map, Rendering rendering) {

        /** Fills in the features at a Gaussian's centre where the photo shows it, and tells whether it does. */
        boolean sample(Gaussians gaussians, int g, float[] features) {
            Optional<PicturePoint> seen = seen(camera, rendering, gaussians, g);
            seen.ifPresent(p -> map.sample(
                    p.x() * map.photoWidth() / camera.width(), p.y() * map.photoHeight() / camera.height(), features));
            return seen.isPresent();
        }
    }

    /** Where a rendering shows a Gaussian's centre; empty where it does not lie on the rendered surface. */
    static Optional<PicturePoint> seen(PinholeView camera, Rendering rendering, Gaussians gaussians, int g) {
        float[] means = gaussians.means();
        return camera.see(new Vector3d(means[3 * g], means[3 * g + 1], means[3 * g + 2]))
                .filter(p -> {
                    int pixel = (int) p.y() * camera.width() + (int) p.x();
                    float alpha = rendering.alpha()[pixel];
                    double z = rendering.accumulatedDepth()[pixel] / alpha;
                    return alpha > SEEN_THROUGH && Math.abs(p.depth() / z - 1) < ON_SURFACE;
                });
    }

    FeatureLifting(Gaussians gaussians, List<Source> sources) {
        this.gaussians = gaussians;
        this.sources = sources;
        this.channels = sources.get(0).map().channels();
        features = new float[sources.size()][channels * gaussians.count()];
        weights = new float[sources.size()][gaussians.count()];
        for (int s = 0; s < sources.size(); s++) {
            sample(s);
        }
        for (int round = 0; round < ROUNDS; round++) {
            reweight(means(-1));
        }
    }

    /** Features at the centres of all Gaussians that a photo shows. */
    private void sample(int s) {
        float[] at = new float[channels];
        for (int g = 0; g < gaussians.count(); g++) {
            if (sources.get(s).sample(gaussians, g, at)) {
                System.arraycopy(at, 0, features[s], channels * g, channels);
                weights[s][g] = 1;
            }
        }
    }

    private void reweight(float[] means) {
        for (int s = 0; s < features.length; s++) {
            for (int g = 0; g < gaussians.count(); g++) {
                if (weights[s][g] > 0) {
                    double square = 0;
                    for (int c = channels * g; c < channels * (g + 1); c++) {
                        square += (features[s][c] - means[c]) * (features[s][c] - means[c]);
                    }
                    weights[s][g] = (float) (1 / (1 + square * square / (DISAGREEMENT * DISAGREEMENT)));
                }
            }
        }
    }

    /**
     * The features of all Gaussians.
     *
     * @param without a photo that is left out, or -1
     * @return [N, channels], zero where no photo shows the Gaussian
     */
    float[] means(int without) {
        float[] sums = new float[channels * gaussians.count()];
        float[] totals = new float[gaussians.count()];
        for (int s = 0; s < features.length; s++) {
            if (s != without) {
                for (int g = 0; g < totals.length; g++) {
                    totals[g] += weights[s][g];
                    for (int c = channels * g; c < channels * (g + 1) && weights[s][g] > 0; c++) {
                        sums[c] += weights[s][g] * features[s][c];
                    }
                }
            }
        }
        for (int g = 0; g < gaussians.count(); g++) {
            for (int c = channels * g; c < channels * (g + 1) && totals[g] > 0; c++) {
                sums[c] /= totals[g];
            }
        }
        return sums;
    }
}
