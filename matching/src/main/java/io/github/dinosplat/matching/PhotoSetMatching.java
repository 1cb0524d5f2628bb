package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.sfm.MappingCamera;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.matching.sfm.MappingResult;
import io.github.dinosplat.matching.twoview.MatchablePhoto;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PairMatcher;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CpuTime;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The steps before mapping, for a set of photos: finds their keypoints, leaves out those under masks, chooses pairs and matches
 * them. What the cache has is taken from there. Notes the time of every step for the {@link SfmResult}. Runs in the fork-join
 * pool that the caller runs in; for one caller.
 */
final class PhotoSetMatching {

    /** Pairs matched between two writes to the cache, which is what a stop loses at most. */
    private static final int MATCH_BATCH = 64;

    private final List<Photo> photos;
    private final PhotoSource pixels;
    private final KeypointSource detector;
    private final SfmOptions options;
    private final Optional<SfmCache> cache;
    private final Progress progress;
    private final List<SfmResult.StageTime> times = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    /** Why photos could not be decoded, by their names. */
    private final Map<String, String> unreadable = new ConcurrentHashMap<>();

    private List<Keypoints> keypoints = List.of();
    private List<MatchedPair> matched = List.of();
    private int pairsTried;

    /**
     * For some photos.
     *
     * @param cache a folder for keypoints and matches
     */
    PhotoSetMatching(
            List<Photo> photos, PhotoSource pixels, SfmOptions options, Optional<Path> cache, Progress progress)
            throws IOException {
        this.photos = List.copyOf(photos);
        this.pixels = pixels;
        this.detector = options.detector();
        this.options = options;
        this.progress = progress;
        this.cache = cache.isPresent() ? Optional.of(new SfmCache(cache.get())) : Optional.empty();
    }

    /**
     * Finds the keypoints of all photos. One that cannot be decoded has none, and {@link #result} says why.
     *
     * @param needed so many photos from the first on have to be decoded: those of a given scene
     * @throws IOException if one of these cannot, or if none at all can
     */
    List<Keypoints> findKeypoints(int needed) throws Exception {
        for (Photo photo : photos) {
            keys.add(cache.isPresent() ? SfmCache.keypointKey(photo, pixels, detector) : "");
        }
        keypoints = timed("keypoints", () -> detect(needed));
        return keypoints;
    }

    /**
     * Chooses pairs and matches them.
     *
     * @param wanted which of the chosen pairs are matched
     * @param cameras for each photo its camera, where it is known well enough to verify matches by
     */
    List<MatchedPair> matchPairs(Predicate<PhotoPair> wanted, List<Optional<Camera>> cameras) throws Exception {
        List<PhotoPair> pairs = timed(
                "pairs",
                () ->
                        PairSelection.select(
                                        photos.stream().map(Photo::metadata).toList(), keypoints, options.pairs())
                                .stream()
                                .filter(wanted)
                                .toList());
        pairsTried = pairs.size();
        matched = timed("matching", () -> match(pairs, cameras));
        return matched;
    }

    /** What the mapper starts from. */
    MappingInput input(List<MappingCamera> cameras, List<Integer> cameraOf) {
        return new MappingInput(photos.stream().map(Photo::name).toList(), cameras, cameraOf, keypoints, matched);
    }

    /** The scenes with colours of their points. */
    List<Scene> coloured(List<Scene> scenes) throws Exception {
        return timed("colours", () -> {
            List<Scene> coloured = new ArrayList<>();
            for (Scene scene : scenes) {
                coloured.add(PointColours.colour(scene, pixels));
            }
            return coloured;
        });
    }

    /** All there is to say of a job that began here; of photos that could not be decoded, that they could not. */
    SfmResult result(List<Scene> models, List<MappingResult.Unregistered> unregistered, List<String> notes) {
        List<SfmResult.PairInliers> graph = matched.stream()
                .map(m -> new SfmResult.PairInliers(
                        photos.get(m.photoA()).name(), photos.get(m.photoB()).name(), m.count()))
                .toList();
        List<MappingResult.Unregistered> reasons = unregistered.stream()
                .map(u -> new MappingResult.Unregistered(u.name(), unreadable.getOrDefault(u.name(), u.reason())))
                .toList();
        return new SfmResult(
                models,
                reasons,
                graph,
                pairsTried,
                keypoints.stream().map(Keypoints::count).toList(),
                notes,
                times);
    }

    /** Does a stage's work and notes its time. */
    <T> T timed(String stage, Callable<T> work) throws Exception {
        progress.checkCancelled();
        long wall = System.nanoTime();
        double cpu = CpuTime.seconds();
        T result = work.call();
        times.add(new SfmResult.StageTime(stage, (System.nanoTime() - wall) * 1e-9, CpuTime.seconds() - cpu));
        return result;
    }

    private List<Keypoints> detect(int needed) throws IOException {
        Keypoints[] found = new Keypoints[photos.size()];
        AtomicInteger done = new AtomicInteger();
        IntStream.range(0, photos.size()).parallel().forEach(i -> {
            progress.checkCancelled();
            try {
                found[i] = masked(photos.get(i), detected(photos.get(i), keys.get(i), i < needed));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            progress.update(
                    "keypoints",
                    done.incrementAndGet(),
                    photos.size(),
                    photos.get(i).name());
        });
        if (unreadable.size() == photos.size()) {
            throw new IOException("none of the photos can be decoded, "
                    + photos.get(0).name() + " " + unreadable.get(photos.get(0).name()));
        }
        return Arrays.asList(found);
    }

    private Keypoints detected(Photo photo, String key, boolean needed) throws IOException {
        Optional<Keypoints> stored = cache.isPresent() ? cache.get().keypoints(key) : Optional.empty();
        if (stored.isPresent()) {
            return stored.get();
        }
        Image image;
        try {
            image = pixels.read(photo.name());
        } catch (IOException e) {
            if (needed) {
                throw e;
            }
            PhotoFolder.Skipped skipped = PhotoFolder.Skipped.unreadable(photo.name(), photo.path(), e);
            unreadable.put(photo.name(), skipped.reason());
            return Keypoints.NONE;
        }
        Keypoints found = detector.detect(image);
        if (cache.isPresent()) {
            cache.get().store(key, found);
        }
        return found;
    }

    private Keypoints masked(Photo photo, Keypoints all) throws IOException {
        Optional<Mask> mask =
                options.masks().isPresent() ? options.masks().get().mask(photo) : Optional.empty();
        return mask.isPresent() ? all.where(i -> mask.get().keeps(all.x(i), all.y(i))) : all;
    }

    private List<MatchedPair> match(List<PhotoPair> pairs, List<Optional<Camera>> known) throws IOException {
        List<MatchablePhoto> matchable = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            matchable.add(new MatchablePhoto(keypoints.get(i), known.get(i)));
        }
        List<String> used = keysWithMasks();
        List<MatchedPair> all = new ArrayList<>();
        try (PairMatcher matcher = new PairMatcher(options.matching())) {
            for (int from = 0; from < pairs.size(); from += MATCH_BATCH) {
                List<PhotoPair> batch = pairs.subList(from, Math.min(pairs.size(), from + MATCH_BATCH));
                String key = cache.isPresent() ? SfmCache.matchKey(batch, used, known, options.matching()) : "";
                Optional<List<MatchedPair>> stored =
                        cache.isPresent() ? cache.get().matches(key) : Optional.empty();
                if (stored.isPresent()) {
                    all.addAll(stored.get());
                } else {
                    List<MatchedPair> found =
                            matcher.matchAll(batch, matchable, options.threads(), offset(from, pairs.size()));
                    if (cache.isPresent()) {
                        cache.get().store(key, found);
                    }
                    all.addAll(found);
                }
                progress.update("matching", from + batch.size(), pairs.size(), all.size() + " verified");
            }
        }
        return all;
    }

    /** Progress of a batch as part of the whole. */
    private Progress offset(int from, int total) {
        return new Progress() {
            @Override
            public void update(String stage, long done, long ofBatch, String detail) {
                progress.update(stage, from + done, total, detail);
            }

            @Override
            public boolean isCancelled() {
                return progress.isCancelled();
            }
        };
    }

    /** Keys of the keypoints that are matched: masks take some away. */
    private List<String> keysWithMasks() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Photo photo = photos.get(i);
            Optional<Path> mask = options.masks().flatMap(m -> m.file(photo));
            all.add(mask.isPresent() && cache.isPresent() ? keys.get(i) + Sha256.of(mask.get()) : keys.get(i));
        }
        return all;
    }
}
