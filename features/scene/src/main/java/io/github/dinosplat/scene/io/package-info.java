/**
 * Files of the scene: pictures, depth maps, COLMAP models, nerfstudio's transforms.json, Strecha's cameras, intrinsics.
 *
 * <p>Readers check every count against the size of the file before they allocate, and answer damaged files with an
 * {@link java.io.IOException} that names the file and says what to do. Writers are atomic and deterministic.
 */
@NullMarked
package io.github.dinosplat.scene.io;

import org.jspecify.annotations.NullMarked;
