/**
 * Depth networks in ONNX files: what a file gives is read from its graph and brought to one form, the logarithm of the
 * inverse depth up to an unknown offset, which {@code depth} aligns to a scene's points. Uses features and scene.
 */
@NullMarked
package io.github.dinosplat.depth.network;

import org.jspecify.annotations.NullMarked;
