package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.scene.io.Intrinsics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Matches two photos and writes what was found: {@code matches.csv}, {@code pose.json}, {@code matches.png}.
 *
 * @param intrinsics known intrinsics; without, those that EXIF gives are used
 * @param keypoints what finds the keypoints that are looked at first; empty for SIFT
 * @param features dense features that guide the matching; empty for none
 * @param seed seed of the robust estimation
 * @param threads number of threads; does not change the result
 */
public record PhotoMatching(
        Optional<Intrinsics> intrinsics,
        Optional<KeypointSource> keypoints,
        Optional<DenseFeatures> features,
        long seed,
        int threads) {

    /**
     * Matches two photos.
     *
     * @param first first photo
     * @param second second photo
     * @param out output folder, new or empty
     * @return the figures of the run
     * @throws IOException if a photo cannot be read or the folder cannot be used
     */
    public RunSummary run(Path first, Path second, Path out) throws IOException {
        RunFolder.requireFree(out);
        Photo photoA = PhotoFolder.photo(first);
        Photo photoB = PhotoFolder.photo(second);
        Image a = ImageFiles.read(first);
        Image b = ImageFiles.read(second);
        PhotoMatches found = match(a, camera(photoA), b, camera(photoB));
        RunFolder.fill(out, () -> {
            AtomicFiles.writeText(out.resolve("matches.csv"), csv(found));
            Json.write(pose(found), out.resolve("pose.json"));
            ImageFiles.writePng(MatchPicture.of(a, b, found), out.resolve("matches.png"));
        });
        ObjectNode metrics = Json.object().put("matches", found.count()).put("way", way(found));
        return new RunSummary(metrics, List.of("matches " + found.count() + ", " + way(found) + "; in " + out));
    }

    private PhotoMatches match(Image a, Optional<Camera> cameraA, Image b, Optional<Camera> cameraB)
            throws IOException {
        MatchOptions options = MatchOptions.defaults().withEpipolarSearch(true).withSeed(seed);
        KeypointOptions sift = KeypointOptions.defaults();
        KeypointSource source = keypoints.orElseGet(() -> new KeypointDetector(sift));
        try (PhotoMatcher matcher = new PhotoMatcher(sift, source, options, features)) {
            return Parallel.call(threads, () -> matcher.match(a, cameraA, b, cameraB));
        }
    }

    private Optional<Camera> camera(Photo photo) {
        Optional<Camera> known = intrinsics.flatMap(i -> i.camera(photo));
        OptionalDouble focal = photo.metadata().focalPixels();
        if (known.isPresent() || focal.isEmpty()) {
            return known;
        }
        return Optional.of(
                Camera.centred(CameraModel.SIMPLE_PINHOLE, photo.width(), photo.height(), focal.getAsDouble()));
    }

    private static String csv(PhotoMatches matches) {
        StringBuilder text = new StringBuilder("x1,y1,x2,y2,score\n");
        double[] a = matches.pixelsA();
        double[] b = matches.pixelsB();
        for (int i = 0; i < matches.count(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "%.3f,%.3f,%.3f,%.3f,%.4f\n",
                    a[2 * i],
                    a[2 * i + 1],
                    b[2 * i],
                    b[2 * i + 1],
                    matches.score(i)));
        }
        return text.toString();
    }

    private static ObjectNode pose(PhotoMatches matches) {
        ObjectNode pose = Json.object();
        matches.fundamental().ifPresentOrElse(f -> pose.set("F", matrix(f)), () -> pose.putNull("F"));
        matches.essential().ifPresent(e -> pose.set("E", matrix(e)));
        Optional<Rigid3> bFromA = matches.bFromA();
        if (bFromA.isPresent()) {
            pose.set("R", matrix(bFromA.get().rotationRowMajor()));
            pose.putArray("t")
                    .add(bFromA.get().translation().x())
                    .add(bFromA.get().translation().y())
                    .add(bFromA.get().translation().z());
        }
        return pose.put("matches", matches.count()).put("way", way(matches));
    }

    private static ArrayNode matrix(double[] rowMajor) {
        ArrayNode rows = Json.array();
        for (int r = 0; r < 3; r++) {
            rows.addArray().add(rowMajor[3 * r]).add(rowMajor[3 * r + 1]).add(rowMajor[3 * r + 2]);
        }
        return rows;
    }

    private static String way(PhotoMatches matches) {
        return switch (matches.way()) {
            case KEYPOINTS -> "keypoints";
            case HALF_CIRCLE -> "keypoints without the sign of gradients";
            case DENSE_FEATURES -> "keypoints guided by dense features";
            case SYNTHETIC_VIEWS -> "keypoints of synthetic views";
            case NONE -> "no geometry that the photos agree on";
        };
    }
}
