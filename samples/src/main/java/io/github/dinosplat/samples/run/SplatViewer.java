package io.github.dinosplat.samples.run;

import io.github.dinosplat.aerial.geo.UpDirection;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.io.ViewerCamera;
import io.github.dinosplat.splat.io.ViewerPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** Exports splats: to the kind of file that the name's ending asks for, and to a viewer page with a scene's cameras. */
public final class SplatViewer {

    /** Where a run leaves its viewer. */
    static final String FILE = "viewer.html";

    private SplatViewer() {}

    /**
     * Writes a splat file as another kind.
     *
     * @param splats a file of any kind that {@link SplatFiles#read} knows
     * @param cameras a scene whose cameras the viewer offers and which says where up is, where {@link #usesScene}; empty for the run in whose folder the splats lie, if they do
     * @param select by what splats are picked; empty for all. Needs a scene: that of {@code cameras}, or of the run in whose folder
     *     the splats lie
     * @param out where to write; its ending is one of {@link SplatFiles#ENDINGS}
     * @return how many splats there are
     * @throws IOException if a file cannot be read or written; the message names it and the remedy
     */
    public static int export(Path splats, Optional<Path> cameras, Optional<SplatSelection> select, Path out)
            throws IOException {
        StoredSplats stored = SplatFiles.read(splats);
        Path beside = Optional.ofNullable(splats.toAbsolutePath().getParent()).orElse(Path.of(""));
        Path folder = cameras.orElse(beside);
        if (select.isPresent()) {
            stored = select.get().of(stored, splats, folder);
        }
        if (!usesScene(out) || (cameras.isEmpty() && !ColmapModel.isIn(folder))) {
            SplatFiles.write(stored, out);
            return stored.gaussians().count();
        }
        Scene scene = SceneInput.read(folder, Optional.empty()).scene();
        Vector3dc up = up(scene, Files.exists(folder.resolve(GeorefFile.NAME)), List.of());
        if (out.toString().toLowerCase(Locale.ROOT).endsWith(".html")) {
            write(stored, scene, up, String.valueOf(splats.getFileName()), out);
        } else {
            SplatFiles.write(stored, up, out);
        }
        return stored.gaussians().count();
    }

    /**
     * Whether a kind of file shows more than the splats themselves say.
     *
     * @param out a file name
     * @return true for {@code .html} and {@code .glb}
     */
    public static boolean usesScene(Path out) {
        return out.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(html|glb)");
    }

    /** Writes the viewer of a run that has splats: those of its file, from the cameras of its main model. */
    static void write(RunFolder run, Scene scene, List<Photo> photos) throws IOException {
        boolean georeferenced = Files.exists(run.root().resolve(GeorefFile.NAME));
        String title = String.valueOf(run.root().toAbsolutePath().normalize().getFileName());
        StoredSplats stored = SplatFiles.read(run.root().resolve("splats.ply"));
        write(stored, scene, up(scene, georeferenced, photos), title, run.root().resolve(FILE));
    }

    private static Vector3dc up(Scene scene, boolean georeferenced, List<Photo> photos) {
        return georeferenced
                ? new Vector3d(0, 0, 1)
                : UpDirection.estimate(scene, photos).upInScene();
    }

    private static void write(StoredSplats stored, Scene scene, Vector3dc up, String title, Path file)
            throws IOException {
        Scene pinholes = Undistortion.scene(scene);
        List<ViewerCamera> cameras = new ArrayList<>();
        for (View view : pinholes.views()) {
            cameras.add(new ViewerCamera(view.name(), PinholeView.of(pinholes.cameraOf(view), view.camFromWorld())));
        }
        cameras.sort(Comparator.comparing(ViewerCamera::name));
        AtomicFiles.write(file, out -> ViewerPage.write(stored, title, cameras, up, out));
    }
}
