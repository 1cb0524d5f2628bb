/**
 * Depth maps of registered photos: a head that is fitted to the scene's own sparse points on frozen dense features, aligned
 * to each photo's points and corrected between them, with a confidence. Entry point is
 * {@link io.github.dinosplat.depth.DepthPrior}.
 *
 * <p>Depends on the scene's types, dense features and EJML.
 */
@NullMarked
package io.github.dinosplat.depth;

import org.jspecify.annotations.NullMarked;
