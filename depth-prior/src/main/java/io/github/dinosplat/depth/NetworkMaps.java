package io.github.dinosplat.depth;

import io.github.dinosplat.depth.network.DepthGuess;
import io.github.dinosplat.depth.network.DepthNetwork;
import io.github.dinosplat.depth.network.DepthOutput;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.List;

/** A depth network's maps of a scene's photos, of the kind of numbers that fits the scene's points best. */
final class NetworkMaps {

    private final Scene scene;
    private final DepthNetwork network;
    private final DepthOutput kind;

    NetworkMaps(Scene scene, DepthNetwork network, DepthOutput kind) {
        this.scene = scene;
        this.network = network;
        this.kind = kind;
    }

    /** The logarithm of a photo's inverse depth up to an offset. */
    FeatureMap of(View view, Image photo) {
        return network.guess(photo).logInverseDepth(kind, scene.cameraOf(view));
    }

    /**
     * How badly each kind fits a photo's points after the robust alignment.
     *
     * @return mean relative errors, each at most 1 a point
     */
    static double[] errors(Scene scene, View view, SparseDepth points, DepthGuess guess, List<DepthOutput> kinds) {
        double[] errors = new double[kinds.size()];
        for (int k = 0; k < errors.length; k++) {
            FeatureMap map = guess.logInverseDepth(kinds.get(k), scene.cameraOf(view));
            AlignedPrediction aligned = AlignedPrediction.of(points, map);
            for (int i = 0; i < points.count; i++) {
                double w = aligned.inverseDepth(points.x[i], points.y[i]);
                errors[k] += Math.min(1, Math.abs(points.inverseDepth[i] / w - 1)) / points.count;
            }
        }
        return errors;
    }
}
