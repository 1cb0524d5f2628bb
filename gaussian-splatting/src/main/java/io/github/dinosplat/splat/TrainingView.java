package io.github.dinosplat.splat;

import io.github.dinosplat.scene.Image;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A photo to learn from: the camera, the pixels and, where known, which pixels count, how far away they are, and which
 * photo of the training state's parameters this is. Immutable.
 */
public final class TrainingView {

    private final SplatView view;
    private final Image truth;
    private final Optional<boolean[]> mask;
    private final Optional<DepthTarget> depth;
    private final OptionalInt photo;
    private final ViewPriors priors;

    /**
     * A photo of which every pixel counts.
     *
     * @param view the camera
     * @param truth the photo, of the camera's picture size
     * @throws IllegalArgumentException if the sizes differ
     */
    public TrainingView(SplatView view, Image truth) {
        this(view, truth, Optional.empty(), Optional.empty(), OptionalInt.empty(), ViewPriors.NONE);
    }

    private TrainingView(
            SplatView view,
            Image truth,
            Optional<boolean[]> mask,
            Optional<DepthTarget> depth,
            OptionalInt photo,
            ViewPriors priors) {
        if (truth.width() != view.width() || truth.height() != view.height()) {
            throw new IllegalArgumentException("expected a photo of " + view.width() + "x" + view.height()
                    + " but it was " + truth.width() + "x" + truth.height());
        }
        if (mask.isPresent() && mask.get().length != view.width() * view.height()) {
            throw new IllegalArgumentException("expected a mask [" + view.height() + ", " + view.width()
                    + "] but length was " + mask.get().length);
        }
        if (depth.isPresent()
                && (depth.get().width() != view.width() || depth.get().height() != view.height())) {
            throw new IllegalArgumentException("expected a depth target of " + view.width() + "x" + view.height()
                    + " but it was " + depth.get().width() + "x" + depth.get().height());
        }
        if (photo.isPresent() && photo.getAsInt() < 0) {
            throw new IllegalArgumentException("photo must not be negative but was " + photo.getAsInt());
        }
        this.view = view;
        this.truth = truth;
        this.mask = mask;
        this.depth = depth;
        this.photo = photo;
        this.priors = priors;
    }

    /**
     * With a mask. What lies outside of it adds nothing to the loss, its depth neither.
     *
     * @param value [height, width] true where the photo counts; not copied
     * @return a new view
     * @throws IllegalArgumentException if the length does not fit
     */
    public TrainingView withMask(boolean[] value) {
        return new TrainingView(view, truth, Optional.of(value), depth, photo, priors);
    }

    /**
     * With a mask besides the one it may have: what lies outside of either does not count.
     *
     * @param value [height, width] true where the photo counts; not copied
     * @return a new view
     * @throws IllegalArgumentException if the length does not fit
     */
    public TrainingView withMaskToo(boolean[] value) {
        if (mask.isEmpty()) {
            return withMask(value);
        }
        boolean[] both = value.clone();
        for (int i = 0; i < both.length; i++) {
            both[i] &= mask.get()[i];
        }
        return withMask(both);
    }

    /**
     * With depths.
     *
     * @param value of the picture's size
     * @return a new view
     * @throws IllegalArgumentException if the sizes differ
     */
    public TrainingView withDepth(DepthTarget value) {
        return new TrainingView(view, truth, mask, Optional.of(value), photo, priors);
    }

    /**
     * With parameters of its own.
     *
     * @param value which photo of {@link TrainingState#photos()} this is, from 0
     * @return a new view
     * @throws IllegalArgumentException if the number is negative
     */
    public TrainingView withPhoto(int value) {
        return new TrainingView(view, truth, mask, depth, OptionalInt.of(value), priors);
    }

    /**
     * With what networks say about it.
     *
     * @param value depths of the picture's size
     * @return a new view
     * @throws IllegalArgumentException if the sizes or, with a depth target, the offsets differ
     */
    public TrainingView withPriors(ViewPriors value) {
        if (value.depth().isPresent()) {
            DepthTarget d = value.depth().get();
            if (d.width() != view.width() || d.height() != view.height()) {
                throw new IllegalArgumentException("expected depths of " + view.width() + "x" + view.height()
                        + " but they were " + d.width() + "x" + d.height());
            }
            if (depth.isPresent() && depth.get().offset() != d.offset()) {
                throw new IllegalArgumentException(
                        "expected depths with offset " + depth.get().offset() + " but it was " + d.offset());
            }
        }
        return new TrainingView(view, truth, mask, depth, photo, value);
    }

    /**
     * What networks say about the photo.
     *
     * @return targets and weights
     */
    public ViewPriors priors() {
        return priors;
    }

    /**
     * The camera.
     *
     * @return the view
     */
    public SplatView view() {
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

    /**
     * How far away the pixels are.
     *
     * @return a target of the picture's size; empty when nothing is known
     */
    public Optional<DepthTarget> depth() {
        return depth;
    }

    /**
     * Which photo of {@link TrainingState#photos()} this is.
     *
     * @return its number from 0; empty when it has no parameters of its own
     */
    public OptionalInt photo() {
        return photo;
    }
}
