package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.scene.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Matches photos by their keypoints and verifies the matches by two-view geometry. Safe for use by several threads.
 *
 * <p>A first look at the strongest keypoints rejects most pairs that do not overlap at a tenth of the cost. All descriptors
 * are then compared, the geometry is estimated and, if wanted, the rest is matched along its epipolar lines.
 */
public final class PairMatcher implements AutoCloseable {

    /** Pairs with fewer matches at first look do not overlap, or not enough to be of use. */
    private static final int FIRST_MATCHES = 8;

    private final MatchOptions options;
    private final MatrixProduct product;
    private final DescriptorMatcher descriptors;

    /**
     * A matcher.
     *
     * @param options how photos are matched
     */
    public PairMatcher(MatchOptions options) {
        this.options = options;
        product = new MatrixProduct();
        descriptors = new DescriptorMatcher(product);
    }

    /**
     * Matches two photos.
     *
     * @param pair their indices, which are carried into the result and seed the robust estimation
     * @param a first photo
     * @param b second photo
     * @return the verified matches; empty where the photos do not agree on a geometry
     */
    public Optional<MatchedPair> match(PhotoPair pair, MatchablePhoto a, MatchablePhoto b) {
        long seed = options.seed() ^ (0x9e3779b97f4a7c15L * (((long) pair.a() << 32) | pair.b()));
        TwoViewVerifier verifier = new TwoViewVerifier(a, b, options, seed);
        int countA = a.keypoints().count();
        int countB = b.keypoints().count();
        int firstA = Math.min(options.firstLook(), countA);
        int firstB = Math.min(options.firstLook(), countB);
        DescriptorMatcher.Matches candidates = match(a, firstA, b, firstB);
        if (candidates.count() < FIRST_MATCHES) {
            return Optional.empty();
        }
        if (firstA < countA || firstB < countB) {
            candidates = match(a, countA, b, countB);
        }
        Optional<TwoViewVerifier.Verified> verified = verifier.verify(candidates);
        if (options.guided()) {
            verified = verified.map(verifier::extend);
        }
        return verified.flatMap(v -> verifier.finish(pair, v));
    }

    private DescriptorMatcher.Matches match(MatchablePhoto a, int countA, MatchablePhoto b, int countB) {
        return descriptors.match(
                a.keypoints().descriptors(), countA, b.keypoints().descriptors(), countB, options.maxRatio());
    }

    /**
     * Matches many pairs.
     *
     * @param pairs the pairs
     * @param photos the photos that the pairs' indices mean
     * @param threads number of threads; does not change the result
     * @param progress told after every pair
     * @return the verified pairs in the order of {@code pairs}, without those that do not agree on a geometry
     * @throws CancellationException if {@code progress} asked for it
     */
    public List<MatchedPair> matchAll(
            List<PhotoPair> pairs, List<MatchablePhoto> photos, int threads, Progress progress) {
        List<Optional<MatchedPair>> results = new ArrayList<>();
        pairs.forEach(p -> results.add(Optional.empty()));
        AtomicInteger done = new AtomicInteger();
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> IntStream.range(0, pairs.size()).parallel().forEach(k -> {
                        progress.checkCancelled();
                        PhotoPair pair = pairs.get(k);
                        results.set(k, match(pair, photos.get(pair.a()), photos.get(pair.b())));
                        progress.update("matching", done.incrementAndGet(), pairs.size(), "");
                    }))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while matching");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("matching failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
        return results.stream().flatMap(Optional::stream).toList();
    }

    /** Frees the native matrix product. No match may be under way. */
    @Override
    public void close() {
        product.close();
    }
}
