package io.github.dinosplat.samples.programs;

import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.nio.file.Path;

/** {@code RenderSplats SPLATS MODEL PHOTO OUT.png}: a {@code .ply}, {@code .spz} or {@code .splat} file as a photo's camera sees it. */
public final class RenderSplats {

    private RenderSplats() {}

    /**
     * Runs the program.
     *
     * @param args splat file, folder with a COLMAP model, name of one of its photos, the picture to write
     * @throws Exception if something cannot be read or written
     */
    public static void main(String[] args) throws Exception {
        StoredSplats splats = SplatFiles.read(Path.of(args[0]));
        Scene scene = Undistortion.scene(ColmapModel.read(Path.of(args[1])));
        View photo = scene.view(args[2]).orElseThrow();
        PinholeView camera = PinholeView.of(scene.cameraOf(photo), photo.camFromWorld());
        try (SplatEngine engine = new JvmEngine(Runtime.getRuntime().availableProcessors())) {
            engine.load(TrainingState.start(splats.gaussians()));
            ImageFiles.writePng(engine.render(camera, splats.renderOptions()).image(), Path.of(args[3]));
        }
    }
}
