/**
 * Where on Earth a scene is: aligning reconstructed cameras to GPS positions.
 *
 * <p>{@link io.github.dinosplat.aerial.geo.Georeferencing} finds the similarity from a scene to local east-north-up
 * metres, {@link io.github.dinosplat.aerial.geo.Georeference} is its result and writes {@code georef.json}. Depends on
 * the scene module's types and EJML.
 */
@NullMarked
package io.github.dinosplat.aerial.geo;

import org.jspecify.annotations.NullMarked;
