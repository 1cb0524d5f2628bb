package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Photos as pinhole cameras would have taken them: {@code undistorted/images} and {@code undistorted/sparse/0}. Photos of
 * cameras without distortion are used as they are, and nothing is written.
 */
final class UndistortStage {

    /** High enough that training does not see the difference to a lossless file. */
    private static final float JPEG_QUALITY = 0.95f;

    private UndistortStage() {}

    /**
     * What training starts from.
     *
     * @param scene pinhole cameras
     * @param pixels the pictures, of the cameras' sizes
     */
    record Pinholes(Scene scene, PhotoSource pixels) {}

    static Pinholes run(RunFolder run, Scene scene, PhotoSource photos, int threads, Progress progress)
            throws IOException {
        if (scene.cameras().stream().allMatch(c -> c.model().isPinhole())) {
            return new Pinholes(Undistortion.scene(scene), photos);
        }
        Path folder = run.root().resolve("undistorted");
        run.stage("undistort", () -> {
            writePictures(scene, photos, folder.resolve("images"), threads, progress);
            ColmapModel.write(renamed(Undistortion.scene(scene)), folder.resolve("sparse/0"));
            return Json.object().put("pictures", scene.views().size());
        });
        // Back from the file, so that a resumed run trains on the very same numbers.
        return new Pinholes(
                ColmapModel.read(folder.resolve("sparse/0")),
                ImageFiles.source(folder.resolve("images")).withMasks(masks(scene, photos)));
    }

    /** Masks of the undistorted pictures, by their names. */
    private static PhotoSource.Masks masks(Scene scene, PhotoSource photos) {
        PhotoSource undistorted = Undistortion.photos(scene, photos);
        Map<String, String> photoOf = new HashMap<>();
        scene.views().forEach(v -> photoOf.put(pictureName(v.name()), v.name()));
        return name -> undistorted.mask(Objects.requireNonNull(photoOf.get(name), name));
    }

    private static void writePictures(Scene scene, PhotoSource photos, Path folder, int threads, Progress progress)
            throws IOException {
        List<Undistortion> undistortions =
                scene.cameras().stream().map(Undistortion::of).toList();
        Parallel.forEach("undistort", scene.views().size(), threads, progress, i -> {
            View view = scene.views().get(i);
            Path file = folder.resolve(pictureName(view.name()));
            write(undistortions.get(view.cameraIndex()), photos, view.name(), file);
        });
    }

    private static void write(Undistortion undistortion, PhotoSource photos, String name, Path file)
            throws IOException {
        Image photo = photos.read(name);
        requireSize(photo, undistortion.camera(), name);
        Image flat = undistortion.apply(photo);
        AtomicFiles.write(file, out -> encode(flat, isJpeg(file.toString()), out));
    }

    /**
     * The same pictures, to the last bit, for a scene that is looked at and not trained: made when they are asked for.
     *
     * @param scene cameras of any model
     * @param photos their photos
     */
    static Pinholes onTheFly(Scene scene, PhotoSource photos) {
        PhotoSource flat = name -> {
            Undistortion undistortion =
                    Undistortion.of(scene.cameraOf(scene.view(name).orElseThrow()));
            if (undistortion.isIdentity()) {
                return photos.read(name);
            }
            Path file = Files.createTempFile("dinosplat", isJpeg(name) ? ".jpg" : ".png");
            try {
                write(undistortion, photos, name, file);
                return ImageFiles.read(file);
            } finally {
                Files.deleteIfExists(file);
            }
        };
        return new Pinholes(Undistortion.scene(scene), flat);
    }

    static void requireSize(Image photo, Camera camera, String name) throws IOException {
        requireSize(photo.width(), photo.height(), camera, name);
    }

    static void requireSize(int width, int height, Camera camera, String name) throws IOException {
        if (width != camera.width() || height != camera.height()) {
            throw new IOException(name + " has " + width + "x" + height + " pixels but its camera " + camera.width()
                    + "x" + camera.height() + "; give the photos that the cameras belong to");
        }
    }

    private static Scene renamed(Scene scene) {
        List<View> views = new ArrayList<>();
        for (View v : scene.views()) {
            views.add(new View(
                    pictureName(v.name()), v.cameraIndex(), v.camFromWorld(), v.keypoints(), v.pointIndices()));
        }
        return new Scene(scene.cameras(), views, scene.points());
    }

    /** The name of a photo's undistorted picture: JPEG and PNG keep theirs, other kinds become PNG. */
    static String pictureName(String photoName) {
        return isJpeg(photoName) || photoName.toLowerCase(Locale.ROOT).endsWith(".png")
                ? photoName
                : Photo.stem(photoName) + ".png";
    }

    private static boolean isJpeg(String name) {
        return name.toLowerCase(Locale.ROOT).matches(".*\\.jpe?g");
    }

    private static void encode(Image picture, boolean jpeg, OutputStream out) throws IOException {
        if (jpeg) {
            ImageFiles.writeJpeg(picture, JPEG_QUALITY, out);
        } else {
            ImageFiles.writePng(picture, out);
        }
    }
}
