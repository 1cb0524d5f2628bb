/**
 * The jobs behind the commands, which Java programs can call as well: {@link io.github.dinosplat.samples.run.Reconstruction}
 * goes from a folder of photos to cameras, depth, splats and a report, {@link io.github.dinosplat.samples.run.SceneTraining}
 * from a scene with known cameras to splats, {@link io.github.dinosplat.samples.run.Demo} does it all on a synthetic world.
 * Inside are the run's folder with its records, and one class for each stage. Knows nothing of the command line and prints
 * nothing.
 */
@NullMarked
package io.github.dinosplat.samples.run;

import org.jspecify.annotations.NullMarked;
