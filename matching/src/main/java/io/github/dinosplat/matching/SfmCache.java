package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Keypoints and matches on disk, so that a stopped run goes on where it was. Files are named by a hash of all that they
 * depend on: what does not fit is never found. A damaged file counts as absent.
 */
final class SfmCache {

    private static final Logger LOG = System.getLogger(SfmCache.class.getName());

    /** Goes up whenever the files or what they depend on change their meaning. */
    private static final String VERSION = "dinosplat-sfm-4";

    private final Path folder;

    SfmCache(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("keypoints"));
        Files.createDirectories(folder.resolve("matches"));
    }

    /** Key of a photo's keypoints: of its file or, for photos that are in none, of its pixels. */
    static String keypointKey(Photo photo, PhotoSource pixels, KeypointSource source) throws IOException {
        Sha256 hash = new Sha256().add(VERSION + source.key());
        if (Files.isRegularFile(photo.path())) {
            return hash.add(photo.path()).hex();
        }
        Image image = pixels.read(photo.name());
        return hash.add(image.width() + "x" + image.height()).add(image.rgb()).hex();
    }

    /** Key of the matches of some pairs. */
    static String matchKey(
            List<PhotoPair> pairs, List<String> keypointKeys, List<Optional<Camera>> cameras, MatchOptions options) {
        Sha256 hash = new Sha256().add(VERSION + options);
        for (PhotoPair pair : pairs) {
            hash.add(pair.a() + " " + pair.b() + " " + keypointKeys.get(pair.a()) + " " + keypointKeys.get(pair.b())
                    + " " + cameras.get(pair.a()) + " " + cameras.get(pair.b()) + ";");
        }
        return hash.hex();
    }

    Optional<Keypoints> keypoints(String key) {
        return read(keypointFile(key), path -> KeypointFiles.read(path, number(key)));
    }

    void store(String key, Keypoints keypoints) throws IOException {
        KeypointFiles.write(keypoints, keypointFile(key), number(key));
    }

    Optional<List<MatchedPair>> matches(String key) {
        return read(matchFile(key), path -> MatchFiles.read(path, number(key)));
    }

    void store(String key, List<MatchedPair> pairs) throws IOException {
        MatchFiles.write(pairs, matchFile(key), number(key));
    }

    private interface Reader<T> {
        T read(Path path) throws IOException;
    }

    private static <T> Optional<T> read(Path path, Reader<T> reader) {
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(path));
        } catch (IOException e) {
            LOG.log(Level.WARNING, () -> e.getMessage() + " (made again now)");
            return Optional.empty();
        }
    }

    private static long number(String key) {
        return Long.parseUnsignedLong(key.substring(0, 16), 16);
    }

    private Path keypointFile(String key) {
        return folder.resolve("keypoints").resolve(key + ".bin");
    }

    private Path matchFile(String key) {
        return folder.resolve("matches").resolve(key + ".bin");
    }
}
