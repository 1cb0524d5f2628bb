package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import java.io.IOException;
import java.util.Optional;

/** What is known about photos besides their pixels; asked for training photos only. */
public interface PhotoPriors {

    /** Nothing is known. */
    PhotoPriors NONE = name -> Optional.empty();

    /**
     * How far away the pixels of a photo are.
     *
     * @param name the photo's name
     * @return depths in scene units on a grid over the whole photo as its camera sees it; empty when nothing is known
     * @throws IOException if they can't be read; the message names the file and the remedy
     */
    Optional<DepthMap> depth(String name) throws IOException;
}
