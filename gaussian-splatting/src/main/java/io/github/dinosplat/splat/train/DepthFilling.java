package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.stereo.DenseDepth;

/** Depth maps of stereo with other depths, those of a prior for instance, where stereo confirmed nothing. */
final class DepthFilling {

    private DepthFilling() {}

    /** A map that knows nothing. */
    static DepthMap unknown(int width, int height) {
        return new DepthMap(width, height, new float[width * height], new float[width * height]);
    }

    /**
     * Puts a prior's depths where a map has none or only a guess.
     *
     * @param stereo a map whose confidence tells guesses, see {@link DenseDepth#GUESSED}
     * @param prior depths of the same photo on a grid of any size
     * @param confidence what a prior's full confidence is worth
     */
    static DepthMap fill(DepthMap stereo, DepthMap prior, float confidence) {
        int width = stereo.width();
        int height = stereo.height();
        float[] depth = new float[width * height];
        float[] sure = new float[width * height];
        for (int y = 0; y < height; y++) {
            int py = (int) ((y + 0.5) * prior.height() / height);
            for (int x = 0; x < width; x++) {
                int px = (int) ((x + 0.5) * prior.width() / width);
                int i = y * width + x;
                boolean own = stereo.confidence(x, y) > DenseDepth.GUESSED || !(prior.depth(px, py) > 0);
                depth[i] = own ? stereo.depth(x, y) : prior.depth(px, py);
                sure[i] = own ? stereo.confidence(x, y) : confidence * prior.confidence(px, py);
            }
        }
        return new DepthMap(width, height, depth, sure);
    }
}
