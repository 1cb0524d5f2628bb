package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.Sha256;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.joml.Quaterniondc;
import org.joml.Vector3dc;

/** A hash of all that decides a run's result but the engine: photos, cameras, points, options. */
final class Fingerprint {

    private Fingerprint() {}

    static byte[] of(Scene scene, List<View> views, TrainingPhotos photos, TrainOptions options) throws IOException {
        Sha256 hash = new Sha256();
        try (DataOutputStream out = new DataOutputStream(hash.sink())) {
            // Threads, checkpoints and evaluations do not change the result.
            out.writeInt(options.iterations());
            out.writeInt(options.maxSize());
            out.writeInt(options.maxGaussians());
            out.writeUTF(options.method().toString());
            out.writeLong(options.seed());
            out.writeUTF(options.terms().toString());
            for (View view : views) {
                write(out, view, photos.camera(view, 0));
                Image image = photos.image(view, 0);
                out.writeInt(image.width());
                out.writeInt(image.height());
                out.write(image.rgb());
                out.write(image.alpha().orElse(new byte[0]));
                for (boolean counts : photos.mask(view, 0).orElse(new boolean[0])) {
                    out.writeBoolean(counts);
                }
            }
            for (int i = 0; i < scene.points().count(); i++) {
                for (int axis = 0; axis < 3; axis++) {
                    out.writeDouble(scene.points().coordinate(i, axis));
                    out.writeInt(scene.points().colour(i, axis));
                }
            }
        }
        return hash.bytes();
    }

    private static void write(DataOutputStream out, View view, Camera camera) throws IOException {
        out.writeUTF(view.name());
        out.writeUTF(camera.model().name());
        for (double parameter : camera.parameters()) {
            out.writeDouble(parameter);
        }
        Quaterniondc q = view.camFromWorld().rotation();
        Vector3dc t = view.camFromWorld().translation();
        for (double value : new double[] {q.w(), q.x(), q.y(), q.z(), t.x(), t.y(), t.z()}) {
            out.writeDouble(value);
        }
    }
}
