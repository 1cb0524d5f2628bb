package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.SceneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The three public sets of the experiments, as pinhole pictures of at most {@link #LONG_SIDE} pixels. Which photos are
 * judged is fixed; they are others than those by which the project's results are accepted.
 */
final class PhotoSets {

    /** Enough for keypoints, and quick to read. */
    static final int LONG_SIDE = 1024;

    private final Path data;
    private final Path out;

    /** Sets of a data folder, prepared in an output folder. */
    PhotoSets(Path data, Path out) {
        this.data = data;
        this.out = out;
    }

    /** The names of the sets. */
    static List<String> names() {
        return List.of("fountain", "fox", "temple");
    }

    PhotoSet read(String name) throws IOException {
        return switch (name) {
            case "fountain" -> fountain();
            case "fox" -> fox();
            case "temple" -> temple();
            default -> throw new IllegalArgumentException("sets are " + names() + " but was " + name);
        };
    }

    private PhotoSet fountain() throws IOException {
        Path folder = existing("strecha-fountain-p11");
        SceneFile given = SceneFile.read(folder.resolve("gt_cameras"), Optional.of(folder.resolve("images")));
        return set("fountain", given, List.of("0003.jpg", "0006.jpg"), names(given.scene()), spread(3, 6, 9), false);
    }

    /** The first sweep of the film, along which neighbours are alike. */
    private PhotoSet fox() throws IOException {
        SceneFile given = SceneFile.read(existing("ngp-fox"), Optional.empty());
        List<String> sweep = names(given.scene()).stream()
                .filter(n -> n.compareTo("0034.jpg") <= 0)
                .toList();
        return set("fox", given, List.of("0008.jpg", "0014.jpg", "0025.jpg"), sweep, spread(3, 6, 12), false);
    }

    /** Training photos lie next to each other around the judged ones: farther apart on the ring photos share no points. */
    private PhotoSet temple() throws IOException {
        SceneFile given = SceneFile.read(existing("middlebury-temple-sparse-ring"), Optional.empty());
        List<String> ring = IntStream.of(16, 15, 6, 7, 8, 9, 10, 11, 2, 14, 3, 4, 5, 13)
                .mapToObj("templeSR00%02d.png"::formatted)
                .toList();
        int middle = 4; // of the photos that are not judged: templeSR0009, which lies between the judged ones
        return set(
                "temple",
                given,
                List.of("templeSR0008.png", "templeSR0010.png"),
                ring,
                order -> IntStream.of(3, 6, 12)
                        .mapToObj(n -> order.subList(Math.max(0, middle - n / 2), Math.max(0, middle - n / 2) + n))
                        .toList(),
                true);
    }

    /** Some photos, evenly spread along the path, for each of some counts. */
    static Function<List<String>, List<List<String>>> spread(int... counts) {
        return order -> IntStream.of(counts)
                .mapToObj(n -> IntStream.range(0, n)
                        .mapToObj(i -> order.get((int) ((i + 0.5) * order.size() / n)))
                        .toList())
                .toList();
    }

    private static List<String> names(Scene scene) {
        return scene.views().stream().map(View::name).sorted().toList();
    }

    private Path existing(String name) throws IOException {
        Path folder = data.resolve(name);
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": there is no such photo set; give the folder that has it");
        }
        return folder;
    }

    private PhotoSet set(
            String name,
            SceneFile file,
            List<String> judged,
            List<String> path,
            Function<List<String>, List<List<String>>> training,
            boolean object)
            throws IOException {
        Path folder = out.resolve("sets").resolve(name);
        Scene given = file.scene();
        Scene flat = Undistortion.scene(given);
        List<Camera> cameras =
                flat.cameras().stream().map(c -> c.fitted(LONG_SIDE)).toList();
        PhotoSource source = ImageFiles.source(file.photoFolder());
        for (View view : given.views()) {
            Path to = folder.resolve("images").resolve(view.name());
            if (path.contains(view.name()) && !Files.exists(to)) {
                Image picture = Undistortion.of(given.cameraOf(view)).apply(source.read(view.name()));
                Camera camera = cameras.get(view.cameraIndex());
                write(picture.resized(camera.width(), camera.height()), to);
            }
        }
        List<String> order = path.stream().filter(n -> !judged.contains(n)).toList();
        return new PhotoSet(
                name,
                folder,
                new Scene(cameras, flat.views(), flat.points()),
                judged,
                order,
                training.apply(order),
                object);
    }

    /** A JPEG of high quality or a PNG, as the name says. */
    static void write(Image picture, Path file) throws IOException {
        if (file.toString().endsWith(".png")) {
            ImageFiles.writePng(picture, file);
        } else {
            AtomicFiles.write(file, out -> ImageFiles.writeJpeg(picture, 0.97f, out));
        }
    }
}
