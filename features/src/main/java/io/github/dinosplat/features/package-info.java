/**
 * Dense features of photos: {@link io.github.dinosplat.features.DenseFeatures} from any ONNX vision transformer or from
 * hand-crafted descriptors, and pictures of them.
 *
 * <p>Depends on the scene's types and ONNX Runtime only.
 */
@NullMarked
package io.github.dinosplat.features;

import org.jspecify.annotations.NullMarked;
