package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.OpenSfm;
import io.github.dinosplat.scene.io.StrechaCameras;
import io.github.dinosplat.scene.io.TransformsJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A scene written as other programs read it. */
public final class SceneConversion {

    private SceneConversion() {}

    /** Kinds of files. */
    public enum Kind {
        /** COLMAP's binary model. */
        COLMAP,
        /** COLMAP's text model. */
        COLMAP_TEXT,
        /** {@code transforms.json}: cameras alone. */
        NERFSTUDIO,
        /** {@code reconstruction.json} and {@code tracks.csv}. */
        OPENSFM,
        /** {@code .camera} files: pinhole cameras alone. */
        STRECHA;

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads a scene and writes it.
     *
     * @param scene folder or file of any kind that is read
     * @param images folder with the photos; empty for the scene's own
     * @param kind what to write
     * @param out output folder, new or empty
     * @return what was written, in lines for people
     * @throws IOException if the scene cannot be read, the kind has no place for its cameras, or the folder is not empty
     */
    public static List<String> run(Path scene, Optional<Path> images, Kind kind, Path out) throws IOException {
        RunFolder.requireFree(out);
        SceneInput input = SceneInput.read(scene, images);
        Scene read = input.scene();
        RunFolder.fill(out, () -> {
            switch (kind) {
                case COLMAP -> ColmapModel.write(read, out);
                case COLMAP_TEXT -> ColmapModel.writeText(read, out);
                case NERFSTUDIO -> TransformsJson.write(read, input.images(), out);
                case OPENSFM -> OpenSfm.write(read, out);
                case STRECHA -> StrechaCameras.write(read, out);
            }
        });
        boolean withPoints = kind != Kind.NERFSTUDIO && kind != Kind.STRECHA;
        List<String> lines = new ArrayList<>(input.notes());
        lines.add(String.format(
                Locale.ROOT,
                "%d photos, %s in %s",
                read.views().size(),
                withPoints
                        ? String.format(Locale.ROOT, "%,d points", read.points().count())
                        : "no points (these files have no place for them)",
                out));
        return lines;
    }
}
