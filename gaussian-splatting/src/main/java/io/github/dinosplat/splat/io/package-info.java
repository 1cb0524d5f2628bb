/**
 * File formats of Gaussian splats: {@link io.github.dinosplat.splat.io.SplatFiles} reads and writes files of every kind,
 * {@link io.github.dinosplat.splat.io.PlyFiles} the standard 3DGS layout on streams,
 * {@link io.github.dinosplat.splat.io.ViewerPage} a page for the browser. Depends on the splat types and the scene's file
 * access only.
 */
@NullMarked
package io.github.dinosplat.splat.io;

import org.jspecify.annotations.NullMarked;
