package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The dense features of a folder of photos as files: arrays, pictures with one basis, and where they come from. */
public final class FeatureExport {

    private static final String STAGE = "features";
    private static final String RECORD = "features.json";
    /** Vectors for the basis of the pictures, of all photos together. */
    private static final int SAMPLES = 20_000;
    /** Long side of a picture in pixels, which is enlarged by whole numbers. */
    private static final int PICTURE = 640;

    private FeatureExport() {}

    /**
     * Writes {@code features/NAME.npy} and {@code features/NAME.png} for each photo, and {@code features.json} at the end.
     * A run that was stopped goes on with the photos that have no array yet.
     *
     * @param photos folder with the photos
     * @param features the network
     * @param target where the results go and how the run was called
     * @param threads networks that run at once
     * @param progress told of each photo
     * @return what {@code features.json} has
     * @throws IOException if no photo can be used, or the folder cannot
     * @throws java.util.concurrent.CancellationException if {@code progress} asks to stop
     */
    public static RunSummary run(Path photos, DenseFeatures features, RunTarget target, int threads, Progress progress)
            throws IOException {
        PhotoFolder folder = PhotoFolder.read(photos);
        ObjectNode key = Json.object().put("command", "features").put("version", Version.text());
        key.put("features", features.key());
        key.set("photos", Reconstruction.hashes(folder.photos(), threads, progress));
        Path out = target.out();
        try (RunFolder run = RunFolder.open(out, key, target.resume())) {
            run.stage(STAGE, () -> {
                Map<String, PhotoFolder.Skipped> unreadable =
                        writeArrays(folder.photos(), features, out, threads, progress);
                List<Photo> done = folder.photos().stream()
                        .filter(p -> !unreadable.containsKey(p.name()))
                        .toList();
                if (done.isEmpty()) {
                    PhotoFolder.Skipped first = unreadable.values().iterator().next();
                    throw new IOException(
                            photos + ": none of its photos can be decoded, " + first.name() + " " + first.reason());
                }
                ObjectNode record = record(features.description());
                record.set("photos", writePictures(done, out));
                ArrayNode skipped = record.putArray("skipped");
                Stream.concat(folder.skipped().stream(), unreadable.values().stream())
                        .forEach(s -> skipped.addObject().put("name", s.name()).put("reason", s.reason()));
                Json.write(record, out.resolve(RECORD));
                return Json.object();
            });
            ObjectNode record = Json.read(out.resolve(RECORD));
            return new RunSummary(record, lines(record, out));
        }
    }

    /** Writes the arrays that are not there yet, and tells which photos cannot be decoded. */
    private static Map<String, PhotoFolder.Skipped> writeArrays(
            List<Photo> photos, DenseFeatures features, Path out, int threads, Progress progress) throws IOException {
        Map<String, Photo> byName = Photo.byName(photos);
        Map<String, PhotoFolder.Skipped> unreadable = new LinkedHashMap<>();
        List<String> missing = photos.stream()
                .filter(p -> !Files.isRegularFile(array(out, p.name())))
                .map(Photo::name)
                .toList();
        FeatureExtraction.Sink sink = new FeatureExtraction.Sink() {
            @Override
            public void accept(String name, PhotoFeatures found) throws IOException {
                FeatureFiles.writeNpy(found.patches(), array(out, name));
            }

            @Override
            public void unreadable(String name, IOException why) {
                Path path = Objects.requireNonNull(byName.get(name)).path();
                unreadable.put(name, PhotoFolder.Skipped.unreadable(name, path, why));
            }
        };
        FeatureExtraction.run(missing, ImageFiles.source(photos), features, threads, sink, progress);
        return unreadable;
    }

    /** Writes the pictures, from the arrays on disk, so that they are the same after a stop; gives the arrays' sizes. */
    private static ArrayNode writePictures(List<Photo> photos, Path out) throws IOException {
        int samplesEach = Math.max(16, SAMPLES / photos.size());
        List<float[]> samples = new ArrayList<>();
        for (Photo photo : photos) {
            samples.addAll(PcaPictures.samples(readArray(out, photo), samplesEach));
        }
        PcaPictures pictures = PcaPictures.fitted(samples);
        ArrayNode entries = Json.array();
        for (Photo photo : photos) {
            FeatureMap map = readArray(out, photo);
            ImageFiles.writePng(enlarged(pictures.picture(map)), file(out, photo.name(), ".png"));
            entries.addObject()
                    .put("name", photo.name())
                    .put("rows", map.rows())
                    .put("columns", map.columns())
                    .put("channels", map.channels());
        }
        return entries;
    }

    private static FeatureMap readArray(Path out, Photo photo) throws IOException {
        return FeatureFiles.readNpy(array(out, photo.name()), photo.width(), photo.height());
    }

    private static Path array(Path out, String photo) {
        return file(out, photo, ".npy");
    }

    private static Path file(Path out, String photo, String ending) {
        return out.resolve("features").resolve(Photo.stem(photo) + ending);
    }

    private static List<String> lines(JsonNode record, Path out) {
        List<String> lines = new ArrayList<>();
        lines.add("photos    %d, %s, layer %s, on %s"
                .formatted(
                        record.path("photos").size(),
                        record.path("model").asText(),
                        record.path("layer").asText(),
                        record.path("provider").asText()));
        for (JsonNode skipped : record.path("skipped")) {
            lines.add("skipped   " + skipped.path("name").asText() + ": "
                    + skipped.path("reason").asText());
        }
        lines.add("features  " + out.resolve("features"));
        return lines;
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
