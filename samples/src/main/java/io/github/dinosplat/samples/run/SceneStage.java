package io.github.dinosplat.samples.run;

import io.github.dinosplat.matching.SceneTriangulation;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.util.List;

/** A scene that a user gave, as {@code sparse/0}; without points, these are triangulated first. */
final class SceneStage {

    private SceneStage() {}

    /** The scene as it stands in {@code sparse/0}. */
    static Scene run(RunFolder run, Scene given, List<Photo> photos, long seed, int threads, Progress progress)
            throws IOException {
        run.stage("scene", () -> {
            Scene known = given;
            if (known.points().count() == 0) {
                known = SceneTriangulation.triangulate(
                        known,
                        photos,
                        ImageFiles.source(photos),
                        SfmOptions.defaults().withSeed(seed).withThreads(threads),
                        progress);
            }
            ColmapModel.write(known, run.root().resolve("sparse/0"));
            return Json.object();
        });
        return ColmapModel.read(run.root().resolve("sparse/0"));
    }
}
