/**
 * Where on Earth a scene is: aligning reconstructed cameras to GPS positions.
 *
 * <p>{@link io.github.dinosplat.aerial.geo.Georeferencing} finds the similarity from a scene to local east-north-up
 * metres, {@link io.github.dinosplat.aerial.geo.Georeference} is its result.
 * {@link io.github.dinosplat.aerial.geo.GpsAdjustment} lets GPS and gimbals take part in a last bundle adjustment.
 *
 * <p>May use: scene, {@code matching.SceneAdjustment}, JOML, EJML (small eigenvalue problems).
 */
@NullMarked
package io.github.dinosplat.aerial.geo;

import org.jspecify.annotations.NullMarked;
