package io.github.dinosplat.splat;

/**
 * What the patches of a training photo look like to a network: a short feature vector for each, and how alike each two of
 * them are. The patches are a regular grid over the photo.
 *
 * @param rows rows of patches
 * @param columns columns of patches
 * @param channels features of a patch, as many as the Gaussians carry
 * @param features [rows, columns, channels]; only the directions matter; not copied
 * @param gram [patches, patches] cosines between the network's own features of the patches (the Gram matrix of Siméoni et
 *     al. 2025, "DINOv3", section 4.2); not copied
 */
public record FeatureTarget(int rows, int columns, int channels, float[] features, float[] gram) {

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if a size is not positive or a length does not fit
     */
    public FeatureTarget {
        long patches = (long) rows * columns;
        if (rows < 1 || columns < 1 || channels < 1 || channels > Gaussians.MAX_FEATURE_CHANNELS) {
            throw new IllegalArgumentException("rows, columns and channels must be at least 1, channels at most "
                    + Gaussians.MAX_FEATURE_CHANNELS + ", but were " + rows + ", " + columns + ", " + channels);
        }
        if (features.length != patches * channels || gram.length != patches * patches) {
            throw new IllegalArgumentException("expected features [" + patches + ", " + channels + "] and gram ["
                    + patches + ", " + patches + "] but lengths were " + features.length + " and " + gram.length);
        }
    }

    /**
     * How many patches there are.
     *
     * @return rows times columns
     */
    public int patches() {
        return rows * columns;
    }
}
