package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.matching.SceneTriangulation;
import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A scene that a user gave, as {@code sparse/0}; without points, these are triangulated first. */
final class SceneStage {

    static final String NAME = "scene";

    private SceneStage() {}

    /** The scene as it stands in {@code sparse/0}. */
    static Scene run(RunFolder run, SceneInput input, List<Photo> photos, long seed, int threads, Progress progress)
            throws IOException {
        run.stage(NAME, () -> {
            Scene known = input.scene();
            if (known.points().count() == 0) {
                known = SceneTriangulation.triangulate(
                                known,
                                photos,
                                ImageFiles.source(photos),
                                SfmOptions.defaults().withSeed(seed).withThreads(threads),
                                Optional.of(run.cache("sfm")),
                                progress)
                        .models()
                        .get(0);
            }
            ColmapModel.write(known, run.root().resolve("sparse/0"));
            ObjectNode record = Json.object();
            input.notes().forEach(record.putArray("notes")::add);
            return record;
        });
        return ColmapModel.read(run.root().resolve("sparse/0"));
    }
}
