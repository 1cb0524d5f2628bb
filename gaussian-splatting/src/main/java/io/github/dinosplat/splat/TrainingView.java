package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Image;
import java.util.Optional;

/**
 * A photo to learn from: the camera, the pixels and, optionally, which pixels count. Immutable.
 */
public final class TrainingView {

    private final PinholeView view;
    private final Image truth;
    private final Optional<boolean[]> mask;

    /**
     * A photo of which every pixel counts.
     *
     * @param view the camera
     * @param truth the photo, of the camera's picture size
     * @throws IllegalArgumentException if the sizes differ
     */
    public TrainingView(PinholeView view, Image truth) {
        this(view, truth, Optional.empty());
    }

    /**
     * A photo with a mask.
     *
     * @param view the camera
     * @param truth the photo, of the camera's picture size
     * @param mask [height, width] true where the photo counts; not copied
     * @throws IllegalArgumentException if the sizes differ
     */
    public TrainingView(PinholeView view, Image truth, Optional<boolean[]> mask) {
        if (truth.width() != view.width() || truth.height() != view.height()) {
            throw new IllegalArgumentException("expected a photo of " + view.width() + "x" + view.height()
                    + " but it was " + truth.width() + "x" + truth.height());
        }
        if (mask.isPresent() && mask.get().length != view.width() * view.height()) {
            throw new IllegalArgumentException("expected a mask [" + view.height() + ", " + view.width()
                    + "] but length was " + mask.get().length);
        }
        this.view = view;
        this.truth = truth;
        this.mask = mask;
    }

    /**
     * The camera.
     *
     * @return the view
     */
    public PinholeView view() {
        return view;
    }

    /**
     * The photo.
     *
     * @return picture of the view's size
     */
    public Image truth() {
        return truth;
    }

    /**
     * Which pixels count.
     *
     * @return [height, width] true where the photo counts, the array itself; empty when all do
     */
    public Optional<boolean[]> mask() {
        return mask;
    }
}
