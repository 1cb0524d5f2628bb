/**
 * The jobs behind the commands, which Java programs can call as well: {@link io.github.dinosplat.samples.run.Reconstruction}
 * goes from a folder of photos to cameras, depth, splats and a report, {@link io.github.dinosplat.samples.run.SceneTraining}
 * from a scene with known cameras to splats, {@link io.github.dinosplat.samples.run.Demo} does it all on a synthetic world.
 * Knows nothing of the command line and prints nothing. Inside are
 *
 * <ul>
 *   <li>runs, which fill a folder of their own and can go on after a stop: {@code Reconstruction}, {@code PhotoCameras},
 *       {@code SceneCameras}, {@code SceneDepth}, {@code SceneTraining}, {@code FeatureExport}, {@code SplatPictures}, and
 *       {@code Demo}, which starts anew;
 *   <li>the stages that they are made of: {@code CameraStage}, {@code SceneStage}, {@code DepthStage}, {@code UndistortStage},
 *       {@code TrainStage}, {@code SplatFeatureStage};
 *   <li>the run's folder and what it tells of itself: {@code RunFolder}, {@code Job}, {@code RunRecords}, {@code RunSummary};
 *   <li>jobs of a moment, which write what they were asked for: {@code PhotoMatching}, {@code SceneConversion},
 *       {@code SplatSelection}, {@code SplatViewer};
 *   <li>what users hand in: {@code SceneInput}, {@code MaskedPhotos}, {@code ModelFolder}, {@code Networks}.
 * </ul>
 *
 * <p>All of these share the run's folder and its records; any cut through them would make classes public that no caller needs.
 */
@NullMarked
package io.github.dinosplat.samples.run;

import org.jspecify.annotations.NullMarked;
