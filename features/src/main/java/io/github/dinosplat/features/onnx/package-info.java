/**
 * ONNX Runtime as used by the project: vision transformers as dense features, fast matrix products, and a small writer of
 * ONNX graphs. Sessions run with one fixed thread each, whatever the number of callers, so that results do not depend on
 * the number of threads; parallelism is the caller's.
 */
@NullMarked
package io.github.dinosplat.features.onnx;

import org.jspecify.annotations.NullMarked;
