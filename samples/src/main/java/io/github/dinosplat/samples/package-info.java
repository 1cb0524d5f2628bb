/**
 * The command line: {@link io.github.dinosplat.samples.Dinosplat} with its commands, and the jobs behind them, which Java
 * programs can call as well: {@link io.github.dinosplat.samples.Reconstruction} goes from a folder of photos to cameras,
 * depth, splats and a report. The only module that prints.
 */
@NullMarked
package io.github.dinosplat.samples;

import org.jspecify.annotations.NullMarked;
