package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.View;
import java.io.IOException;

/** Takes depth maps as they are finished, so that not all of them have to be in memory. */
@FunctionalInterface
public interface DepthSink {

    /**
     * Takes the depth of a photo. Called once for each photo that has depth, in the scene's order, one at a time.
     *
     * @param view the photo's view
     * @param depth its depth
     * @throws IOException if it can't be kept; this ends the estimation
     */
    void accept(View view, DepthMap depth) throws IOException;
}
