/**
 * Robust estimation: LO-RANSAC with a soft, noise-marginalising score and PROSAC sampling, for essential and fundamental
 * matrices, homographies and absolute poses.
 *
 * <p>Thresholds and residuals are pixels of the stored photos. Correspondences are best given in descending order of trust:
 * the sampler tries the first ones first, and half of its samples are uniform, so a useless order costs little. The result
 * depends on the input and the seed only.
 *
 * <p>May use: scene, JOML, BoofCV (minimal solvers), EJML.
 */
@NullMarked
package io.github.dinosplat.matching.robust;

import org.jspecify.annotations.NullMarked;
