package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.IncrementalMapper;
import io.github.dinosplat.matching.sfm.MappingInput;
import io.github.dinosplat.matching.sfm.MappingResult;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** From photos to cameras, poses and sparse points: keypoints, pairs, matches, mapping. */
public final class StructureFromMotion {

    /** Pairs matched between two writes to the cache. */
    private static final int MATCH_BATCH = 64;

    private final List<Photo> photos;
    private final PhotoSource pixels;
    private final KeypointSource detector;
    private final SfmOptions options;
    private final Optional<SfmCache> cache;
    private final Progress progress;
    private final List<SfmResult.StageTime> times = new ArrayList<>();

    private StructureFromMotion(
            List<Photo> photos,
            PhotoSource pixels,
            KeypointSource detector,
            SfmOptions options,
            Optional<SfmCache> cache,
            Progress progress) {
        this.photos = photos;
        this.pixels = pixels;
        this.detector = detector;
        this.options = options;
        this.cache = cache;
        this.progress = progress;
    }

    /**
     * Finds the cameras of photos and the points they see.
     *
     * @param photos the photos
     * @param pixels where their pixels come from
     * @param options how
     * @param cache a folder for keypoints and matches, made if absent; a later call with the same photos and options goes on
     *     from them and gives the same result
     * @param progress told of the stages {@code keypoints}, {@code matching} and {@code mapping}
     * @return the models and what became of every photo; the same for any number of threads
     * @throws IOException if a photo can't be read or the cache can't be written
     * @throws java.util.concurrent.CancellationException if {@code progress} asked for it
     */
    public static SfmResult reconstruct(
            List<Photo> photos, PhotoSource pixels, SfmOptions options, Optional<Path> cache, Progress progress)
            throws IOException {
        return reconstruct(photos, pixels, new KeypointDetector(options.keypoints()), options, cache, progress);
    }

    /**
     * The same with other keypoints than SIFT's.
     *
     * @param photos as above
     * @param pixels as above
     * @param detector what finds the keypoints, in the place of the options'
     * @param options as above
     * @param cache as above
     * @param progress as above
     * @return as above
     * @throws IOException as above
     */
    public static SfmResult reconstruct(
            List<Photo> photos,
            PhotoSource pixels,
            KeypointSource detector,
            SfmOptions options,
            Optional<Path> cache,
            Progress progress)
            throws IOException {
        Optional<SfmCache> opened = Optional.empty();
        if (cache.isPresent()) {
            opened = Optional.of(new SfmCache(cache.get()));
        }
        StructureFromMotion job =
                new StructureFromMotion(List.copyOf(photos), pixels, detector, options, opened, progress);
        return Parallel.call(options.threads(), job::run);
    }

    private SfmResult run() throws Exception {
        SharedCameras cameras = SharedCameras.of(photos, options);
        List<String> keys = new ArrayList<>();
        for (Photo photo : photos) {
            keys.add(cache.isPresent() ? SfmCache.keypointKey(photo, pixels, detector) : "");
        }
        List<Keypoints> keypoints = timed("keypoints", () -> detect(keys));
        List<PhotoPair> pairs = timed(
                "pairs",
                () -> PairSelection.select(photos.stream().map(Photo::metadata).toList(), keypoints, options.pairs()));
        List<MatchedPair> matched = timed("matching", () -> match(pairs, keypoints, keys, cameras));
        MappingInput input = new MappingInput(
                photos.stream().map(Photo::name).toList(), cameras.cameras(), cameras.cameraOf(), keypoints, matched);
        MappingResult mapped = timed("mapping", () -> IncrementalMapper.map(input, options.mapping(), progress));
        List<Scene> models = timed("colours", () -> {
            List<Scene> coloured = new ArrayList<>();
            for (Scene scene : mapped.models()) {
                coloured.add(PointColours.colour(scene, pixels));
            }
            return coloured;
        });
        List<SfmResult.PairInliers> graph = matched.stream()
                .map(m -> new SfmResult.PairInliers(
                        photos.get(m.photoA()).name(), photos.get(m.photoB()).name(), m.count()))
                .toList();
        return new SfmResult(
                models,
                mapped.unregistered(),
                graph,
                pairs.size(),
                keypoints.stream().map(Keypoints::count).toList(),
                mapped.notes(),
                times);
    }

    private <T> T timed(String stage, Callable<T> work) throws Exception {
        progress.checkCancelled();
        long wall = System.nanoTime();
        double cpu = cpuSeconds();
        T result = work.call();
        times.add(new SfmResult.StageTime(stage, (System.nanoTime() - wall) * 1e-9, cpuSeconds() - cpu));
        return result;
    }

    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime() * 1e-9
                : Double.NaN;
    }

    private List<Keypoints> detect(List<String> keys) {
        Keypoints[] found = new Keypoints[photos.size()];
        AtomicInteger done = new AtomicInteger();
        IntStream.range(0, photos.size()).parallel().forEach(i -> {
            progress.checkCancelled();
            try {
                Optional<Keypoints> stored = cache.isPresent() ? cache.get().keypoints(keys.get(i)) : Optional.empty();
                if (stored.isPresent()) {
                    found[i] = stored.get();
                } else {
                    found[i] = detector.detect(pixels.read(photos.get(i).name()));
                    if (cache.isPresent()) {
                        cache.get().store(keys.get(i), found[i]);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            progress.update(
                    "keypoints",
                    done.incrementAndGet(),
                    photos.size(),
                    photos.get(i).name());
        });
        return Arrays.asList(found);
    }

    private List<MatchedPair> match(
            List<PhotoPair> pairs, List<Keypoints> keypoints, List<String> keys, SharedCameras cameras)
            throws IOException {
        List<Optional<Camera>> known = new ArrayList<>();
        List<MatchablePhoto> matchable = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            known.add(cameras.forMatching(i));
            matchable.add(new MatchablePhoto(keypoints.get(i), known.get(i)));
        }
        List<MatchedPair> all = new ArrayList<>();
        try (PairMatcher matcher = new PairMatcher(options.matching())) {
            for (int from = 0; from < pairs.size(); from += MATCH_BATCH) {
                List<PhotoPair> batch = pairs.subList(from, Math.min(pairs.size(), from + MATCH_BATCH));
                String key = cache.isPresent() ? SfmCache.matchKey(batch, keys, known, options.matching()) : "";
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
}
