/**
 * Keypoints from networks in ONNX files: {@link io.github.dinosplat.features.keypoints.KeypointNetwork}.
 *
 * <p>Depends on the scene's types and {@code features.onnx} only.
 */
@NullMarked
package io.github.dinosplat.features.keypoints;

import org.jspecify.annotations.NullMarked;
