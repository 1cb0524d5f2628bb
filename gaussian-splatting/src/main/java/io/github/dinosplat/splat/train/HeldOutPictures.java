package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;
import java.io.IOException;

/** Is shown every held-out photo beside its render, one after another, when training has ended: together they may be more than memory holds. */
@FunctionalInterface
public interface HeldOutPictures {

    /** Looks at none. */
    HeldOutPictures NONE = (name, rendering, truth) -> {};

    /**
     * Shows a photo.
     *
     * @param name the photo's name
     * @param rendering the render
     * @param truth the photo at the same size
     * @throws IOException to end the run, if they can't be written
     */
    void show(String name, Image rendering, Image truth) throws IOException;
}
