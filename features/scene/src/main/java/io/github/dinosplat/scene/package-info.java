/**
 * The vocabulary of the project: photos and their metadata, camera models, scenes, feature and depth maps.
 *
 * <p>Conventions, used everywhere: poses are world-to-camera with x right, y down, z forward (as in COLMAP); the centre
 * of the top left pixel is at (0.5, 0.5); quaternions are w, x, y, z in files and JOML's in code; geometry is in double,
 * pixels in float or bytes. A transform is named {@code targetFromSource}, a point {@code xInFrame}.
 *
 * <p>This package depends on JOML, Jackson and metadata-extractor only.
 */
@NullMarked
package io.github.dinosplat.scene;

import org.jspecify.annotations.NullMarked;
