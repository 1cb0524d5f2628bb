package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.FeatureDescription;
import io.github.dinosplat.features.FeatureExtraction;
import io.github.dinosplat.features.FeatureFiles;
import io.github.dinosplat.features.PcaPictures;
import io.github.dinosplat.features.PhotoFeatures;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The dense features of a folder of photos as files: arrays, pictures with one basis, and where they come from. */
public final class FeatureExport {

    /** Vectors for the basis of the pictures, of all photos together. */
    private static final int SAMPLES = 20_000;
    /** Long side of a picture in pixels, which is enlarged by whole numbers. */
    private static final int PICTURE = 640;

    private FeatureExport() {}

    /**
     * Writes {@code features/NAME.npy} and {@code features/NAME.png} for each photo, and {@code features.json} at the end.
     *
     * @param photos folder with the photos
     * @param features the network
     * @param out output folder, new or empty
     * @param threads networks that run at once
     * @param progress told of each photo
     * @return what {@code features.json} has
     * @throws IOException if no photo can be used, or the folder cannot
     */
    public static ObjectNode run(Path photos, DenseFeatures features, Path out, int threads, Progress progress)
            throws IOException {
        RunFolder.requireFree(out);
        PhotoFolder folder = PhotoFolder.read(photos);
        List<Photo> usable = folder.photos();
        List<String> names = usable.stream().map(Photo::name).toList();
        Written written = new Written(out, usable);
        FeatureExtraction.run(names, ImageFiles.source(usable), features, threads, written, progress);
        if (written.photos.isEmpty()) {
            throw new IOException(photos + ": none of its photos can be decoded, "
                    + written.skipped.get(0).name() + " "
                    + written.skipped.get(0).reason());
        }
        PcaPictures pictures = PcaPictures.fitted(written.samples);
        for (Photo photo : written.photos) {
            FeatureMap map = FeatureFiles.readNpy(file(out, photo.name(), ".npy"), photo.width(), photo.height());
            ImageFiles.writePng(enlarged(pictures.picture(map)), file(out, photo.name(), ".png"));
        }
        ObjectNode record = record(features.description());
        record.set("photos", written.entries);
        ArrayNode skipped = record.putArray("skipped");
        Stream.concat(folder.skipped().stream(), written.skipped.stream())
                .forEach(s -> skipped.addObject().put("name", s.name()).put("reason", s.reason()));
        Json.write(record, out.resolve("features.json"));
        return record;
    }

    /** Writes the arrays as they come, and takes samples of them for the pictures. */
    private static final class Written implements FeatureExtraction.Sink {

        private final Path out;
        private final Map<String, Photo> byName;
        private final int samplesEach;
        private final List<Photo> photos = new ArrayList<>();
        private final List<PhotoFolder.Skipped> skipped = new ArrayList<>();
        private final List<float[]> samples = new ArrayList<>();
        private final ArrayNode entries = Json.array();

        Written(Path out, List<Photo> photos) {
            this.out = out;
            this.byName = Photo.byName(photos);
            this.samplesEach = Math.max(16, SAMPLES / photos.size());
        }

        @Override
        public void accept(String name, PhotoFeatures found) throws IOException {
            FeatureMap map = found.patches();
            FeatureFiles.writeNpy(map, file(out, name, ".npy"));
            samples.addAll(PcaPictures.samples(map, samplesEach));
            photos.add(Objects.requireNonNull(byName.get(name)));
            entries.addObject()
                    .put("name", name)
                    .put("rows", map.rows())
                    .put("columns", map.columns())
                    .put("channels", map.channels());
        }

        @Override
        public void unreadable(String name, IOException why) {
            Photo photo = Objects.requireNonNull(byName.get(name));
            skipped.add(PhotoFolder.Skipped.unreadable(name, photo.path(), why));
        }
    }

    private static Path file(Path out, String photo, String ending) {
        return out.resolve("features").resolve(Photo.stem(photo) + ending);
    }

    private static ObjectNode record(FeatureDescription from) {
        ObjectNode record = Json.object()
                .put("version", Version.text())
                .put("model", from.model())
                .put("sha256", from.sha256());
        ArrayNode weights = record.putArray("weights");
        from.weights().forEach(w -> weights.addObject().put("file", w.name()).put("sha256", w.sha256()));
        return record.put("patch_size", from.patch()).put("layer", from.layer()).put("provider", from.provider());
    }

    /** Every patch as a square of pixels: features are not smooth, and their pictures should not look it. */
    private static Image enlarged(Image patches) {
        int times = Math.max(1, PICTURE / Math.max(patches.width(), patches.height()));
        int width = patches.width() * times;
        byte[] rgb = new byte[3 * width * patches.height() * times];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % width / times;
            int y = i / 3 / width / times;
            rgb[i] = (byte) patches.value(x, y, i % 3);
        }
        return new Image(width, patches.height() * times, rgb);
    }
}
