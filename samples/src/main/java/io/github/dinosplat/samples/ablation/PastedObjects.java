package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A photo set with things that were there for some photos only: the temple, cut out by its outline before the black
 * background, pasted into every third training photo, three times each, other views of it at other places.
 */
final class PastedObjects {

    private static final int EVERY = 3;
    private static final int THINGS = 3;
    private static final int BRIGHT = 24;

    /** Height of the thing by the photo's shorter side. */
    private static final double LEAST_HEIGHT = 0.5;

    private static final double MORE_HEIGHT = 0.3;

    private PastedObjects() {}

    /**
     * Writes the photos, the judged ones unchanged.
     *
     * @param set where to paste
     * @param training the photos that may be changed
     * @param objects photos to cut from
     * @param folder where the photos go
     */
    static void write(PhotoSet set, List<String> training, PhotoSet objects, Path folder) throws IOException {
        Random random = new Random(7);
        List<String> names = new ArrayList<>(training);
        names.addAll(set.judged());
        Files.createDirectories(folder);
        for (int i = 0; i < names.size(); i++) {
            Image photo = ImageFiles.read(set.images().resolve(names.get(i)));
            if (i < training.size() && i % EVERY == 1) {
                for (int k = 0; k < THINGS; k++) {
                    String from =
                            objects.order().get(random.nextInt(objects.order().size()));
                    photo = pasted(photo, ImageFiles.read(objects.images().resolve(from)), random);
                }
            }
            Path file = folder.resolve(names.get(i));
            if (!Files.exists(file)) {
                PhotoSets.write(photo, file);
            }
        }
    }

    private static Image pasted(Image photo, Image object, Random random) {
        double part = LEAST_HEIGHT + MORE_HEIGHT * random.nextDouble();
        int height = (int) (part * Math.min(photo.width(), photo.height()));
        Image small = object.resized(height * object.width() / object.height(), height);
        int x0 = random.nextInt(Math.max(1, photo.width() - small.width()));
        int y0 = random.nextInt(Math.max(1, photo.height() - small.height()));
        byte[] rgb = photo.rgb().clone();
        for (int y = 0; y < small.height(); y++) {
            int[] span = span(small, y);
            for (int x = span[0]; x < span[1]; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * ((y0 + y) * photo.width() + x0 + x) + c] = (byte) small.value(x, y, c);
                }
            }
        }
        return new Image(photo.width(), photo.height(), rgb);
    }

    /** From the first to behind the last bright pixel of a row. */
    private static int[] span(Image image, int y) {
        int first = image.width();
        int last = 0;
        for (int x = 0; x < image.width(); x++) {
            if (image.value(x, y, 0) > BRIGHT) {
                first = Math.min(first, x);
                last = x + 1;
            }
        }
        return new int[] {first, last};
    }
}
