package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.TrainingView;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The photos of a scene and their masks at training size, and at half and quarter of it. As many are {@link Kept} as fit in a bound and in
 * memory, and the others read again when they are asked for, so photos may be more than memory holds.
 */
final class TrainingPhotos {

    private final Scene scene;
    private final PhotoSource pixels;
    private final int maxSize;
    private final long mostBytes;
    private final Kept<Key, Picture> kept;
    private volatile boolean transparent;

    /** Less opaque pixels show nothing that a surface could be found on. */
    private static final int SHOWN = 128;

    /** A photo at a size: level 0 is the training size, each further level half of it. */
    private record Key(String name, int level) {}

    /** A photo at a size, and which of its pixels count. */
    private record Picture(Image image, Optional<Mask> mask, Optional<boolean[]> counted) {

        Picture(Image image, Optional<Mask> mask) {
            this(image, mask, mask.map(Mask::kept));
        }

        Picture resized(Camera to) {
            return new Picture(
                    image.resized(to.width(), to.height()), mask.map(m -> m.resized(to.width(), to.height())));
        }

        long bytes() {
            return image.rgb().length
                    + image.alpha().map(a -> a.length).orElse(0)
                    + counted.map(c -> c.length + c.length / 8).orElse(0);
        }
    }

    TrainingPhotos(Scene scene, PhotoSource pixels, int maxSize, long mostBytes) {
        this.scene = scene;
        this.pixels = pixels;
        this.maxSize = maxSize;
        this.mostBytes = mostBytes;
        kept = new Kept<>(mostBytes, Picture::bytes);
    }

    /**
     * Reads photos ahead with several threads, if they all fit in the bound.
     *
     * @throws IOException as {@link #image}
     */
    void preload(List<View> views, int threads, Progress progress) throws IOException {
        long bytes = 0;
        for (View view : views) {
            Camera size = camera(view, 0);
            bytes += 3L * size.width() * size.height();
        }
        if (bytes > mostBytes) {
            return;
        }
        Parallel.forEach("photos", views.size(), threads, progress, i -> image(views.get(i), 0));
    }

    /** The camera of a view at a level. */
    Camera camera(View view, int level) {
        Camera whole = scene.cameraOf(view);
        Camera camera = whole.fitted(maxSize);
        int half = (1 << level) / 2;
        return whole.resized(
                Math.max(1, (camera.width() + half) >> level), Math.max(1, (camera.height() + half) >> level));
    }

    PinholeView pinhole(View view, int level) {
        return PinholeView.of(camera(view, level), view.camFromWorld());
    }

    /** Whether any photo read so far is cut out, with pixels that are not opaque. */
    boolean isAnyTransparent() {
        return transparent;
    }

    /** A photo to learn from; over a background where it is cut out. */
    TrainingView training(View view, int level, Colour background) throws IOException {
        Picture picture = picture(view, level);
        TrainingView training = new TrainingView(pinhole(view, level), over(picture.image, background));
        return picture.counted.map(training::withMask).orElse(training);
    }

    /**
     * A photo at a level.
     *
     * @throws IOException if the photo can't be read or does not have the size of its camera
     */
    Image image(View view, int level) throws IOException {
        return picture(view, level).image;
    }

    /**
     * A photo at a level over a background, where it is cut out.
     *
     * @throws IOException as {@link #image}
     */
    Image image(View view, int level, Colour background) throws IOException {
        return over(image(view, level), background);
    }

    private static Image over(Image image, Colour background) {
        return image.over(background.red(), background.green(), background.blue());
    }

    /**
     * Where a photo at a level shows anything that counts: not masked, and not transparent.
     *
     * @return [height, width]; empty where all of it does
     * @throws IOException as {@link #image}
     */
    Optional<boolean[]> shown(View view, int level) throws IOException {
        Picture picture = picture(view, level);
        if (picture.image.alpha().isEmpty()) {
            return picture.counted;
        }
        byte[] alpha = picture.image.alpha().get();
        boolean[] shown = new boolean[alpha.length];
        for (int i = 0; i < shown.length; i++) {
            shown[i] = (alpha[i] & 0xff) >= SHOWN
                    && (picture.counted.isEmpty() || picture.counted.get()[i]);
        }
        return Optional.of(shown);
    }

    /**
     * Which pixels of a photo at a level count.
     *
     * @return [height, width], the array itself; empty where all do
     * @throws IOException as {@link #image}
     */
    Optional<boolean[]> mask(View view, int level) throws IOException {
        return picture(view, level).counted;
    }

    private Picture picture(View view, int level) throws IOException {
        return kept.get(new Key(view.name(), level), () -> {
            Picture larger = level == 0 ? read(view) : picture(view, level - 1);
            return larger.resized(camera(view, level));
        });
    }

    private Picture read(View view) throws IOException {
        Image image = pixels.read(view.name());
        Camera camera = scene.cameraOf(view);
        if (image.width() != camera.width() || image.height() != camera.height()) {
            throw new IOException(view.name() + ": the photo has " + image.width() + "x" + image.height()
                    + " pixels but its camera " + camera.width() + "x" + camera.height()
                    + "; give the photos that the cameras were made from");
        }
        if (image.alpha().isPresent()) {
            transparent = true;
        }
        return new Picture(image, pixels.mask(view.name()));
    }
}
