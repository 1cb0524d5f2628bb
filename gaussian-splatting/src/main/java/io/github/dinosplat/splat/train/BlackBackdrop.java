package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.splat.stereo.Islands;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Photos of things before black, cut out. Before black nothing stops training from putting black things anywhere beside what
 * is lit, opaque so as to hide each other, and from another side they stand before it. As transparent pixels the black says
 * that nothing is there.
 */
final class BlackBackdrop implements PhotoSource {

    /** No channel of a black pixel is above this, of 255. */
    private static final int BLACK = 24;

    /** So much of a photo's border is black at least, in every photo: of night views and dark rooms it is less than a third. */
    private static final double LEAST_BORDER = 0.75;

    /** Black in pieces of less than this part of the picture is of the thing itself: cracks and shadows. */
    private static final double LEAST_PART = 0.001;

    private final PhotoSource photos;
    private final Set<String> names;

    private BlackBackdrop(PhotoSource photos, Set<String> names) {
        this.photos = photos;
        this.names = names;
    }

    /**
     * Cuts out what was photographed before black.
     *
     * @param photos any photos
     * @param names those that are looked at and cut out
     * @return the same photos, with transparent pixels if all of those are before black and none is cut out already
     * @throws IOException if one can't be read
     */
    static PhotoSource cutOut(PhotoSource photos, Collection<String> names) throws IOException {
        for (String name : names) {
            if (!isBeforeBlack(photos.read(name))) {
                return photos;
            }
        }
        return new BlackBackdrop(photos, Set.copyOf(names));
    }

    private static boolean isBeforeBlack(Image image) {
        if (image.alpha().isPresent()) {
            return false;
        }
        int right = image.width() - 1;
        int bottom = image.height() - 1;
        int black = 0;
        for (int x = 0; x <= right; x++) {
            black += (isBlack(image, x, 0) ? 1 : 0) + (isBlack(image, x, bottom) ? 1 : 0);
        }
        for (int y = 0; y <= bottom; y++) {
            black += (isBlack(image, 0, y) ? 1 : 0) + (isBlack(image, right, y) ? 1 : 0);
        }
        return black >= LEAST_BORDER * 2 * (image.width() + image.height());
    }

    /** Whether a pixel may as well show nothing. */
    static boolean isBlack(Image image, int x, int y) {
        return Math.max(image.value(x, y, 0), Math.max(image.value(x, y, 1), image.value(x, y, 2))) <= BLACK;
    }

    @Override
    public Image read(String name) throws IOException {
        Image image = photos.read(name);
        if (!names.contains(name)) {
            return image;
        }
        int width = image.width();
        boolean[] black = new boolean[width * image.height()];
        for (int i = 0; i < black.length; i++) {
            black[i] = isBlack(image, i % width, i / width);
        }
        boolean[] small =
                Islands.small(width, image.height(), i -> black[i], (i, j) -> true, LEAST_PART * black.length);
        byte[] alpha = new byte[black.length];
        for (int i = 0; i < alpha.length; i++) {
            alpha[i] = (byte) (black[i] && !small[i] ? 0 : 255);
        }
        return image.withAlpha(alpha);
    }

    @Override
    public Optional<Mask> mask(String name) throws IOException {
        return photos.mask(name);
    }
}
