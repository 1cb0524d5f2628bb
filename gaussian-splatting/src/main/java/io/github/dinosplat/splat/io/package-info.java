/**
 * File formats of Gaussian splats: {@link io.github.dinosplat.splat.io.PlyFiles} reads and writes the standard 3DGS
 * layout. Depends on the splat types and the scene's file access only.
 */
@NullMarked
package io.github.dinosplat.splat.io;

import org.jspecify.annotations.NullMarked;
