package io.github.dinosplat.features.keypoints;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.util.List;

/** Feeds a kind of network and reads what it gives. */
interface KeypointReader {

    /** Name of the kind. */
    String kind();

    /** Length of a descriptor. */
    int descriptorSize();

    /** The keypoints of a window, in pixels of the photo that it is a part of. */
    List<Found> read(OnnxModel model, Window window);
}
