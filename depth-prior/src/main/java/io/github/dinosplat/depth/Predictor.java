package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import java.util.BitSet;

/** Tells the logarithm of a photo's inverse depth up to an offset, on the grid of what is known of the photo. */
interface Predictor {

    /** A depth network has seen no points, and what is known of a photo is already what it tells. */
    Predictor NETWORK = new Predictor() {
        @Override
        public FeatureMap onAll(FeatureMap map) {
            return map;
        }

        @Override
        public FeatureMap withoutRandom(FeatureMap map) {
            return map;
        }

        @Override
        public FeatureMap without(BitSet points, FeatureMap map) {
            return map;
        }
    };

    /** Fitted to all points. */
    FeatureMap onAll(FeatureMap map);

    /** Fitted without the points that are held out at random. */
    FeatureMap withoutRandom(FeatureMap map);

    /** Fitted without some of the scene's points. */
    FeatureMap without(BitSet points, FeatureMap map);

    /** A head on dense features or colours. */
    static Predictor of(Training training) {
        Head all = training.onAll();
        Head withoutRandom = training.withoutRandom();
        return new Predictor() {
            @Override
            public FeatureMap onAll(FeatureMap map) {
                return all.predict(map);
            }

            @Override
            public FeatureMap withoutRandom(FeatureMap map) {
                return withoutRandom.predict(map);
            }

            @Override
            public FeatureMap without(BitSet points, FeatureMap map) {
                return training.without(points).predict(map);
            }
        };
    }
}
