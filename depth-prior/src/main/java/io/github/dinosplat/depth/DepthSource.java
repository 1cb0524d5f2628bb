package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.Optional;

/** Where the depth maps of a scene come from, so that not all of them have to be in memory. Safe for several threads. */
@FunctionalInterface
public interface DepthSource {

    /**
     * Reads a map.
     *
     * @param view a view of the scene
     * @return its map, or empty where there is none
     * @throws IOException if it can't be read
     */
    Optional<DepthMap> read(View view) throws IOException;
}
