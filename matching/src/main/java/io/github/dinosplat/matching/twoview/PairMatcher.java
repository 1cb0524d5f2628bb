package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * Matches photos by their keypoints and verifies the matches by two-view geometry. Safe for use by several threads.
 *
 * <p>A first look at the strongest keypoints rejects most pairs that do not overlap at a tenth of the cost. Where it shows a
 * clear geometry already, the rest is matched along its epipolar lines; else more keypoints are compared, at last all.
 */
public final class PairMatcher implements AutoCloseable {

    /** Pairs with fewer matches at first look do not overlap, or not enough to be of use. */
    private static final int FIRST_MATCHES = 8;
    /**
     * With so many matches that agree, the rest is looked for along the epipolar lines only. On fountain-P11 38 of 55 pairs
     * have 60 at first look, 46 have 25; whichever of these is asked for, the same points come out but for a few in a
     * thousand.
     */
    private static final int SURE_INLIERS = 40;

    private final MatchOptions options;
    private final ByteProduct product;
    private final DescriptorMatcher descriptors;

    /**
     * A matcher.
     *
     * @param options how photos are matched
     */
    public PairMatcher(MatchOptions options) {
        this.options = options;
        product = new ByteProduct();
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
        TwoViewVerifier verifier = new TwoViewVerifier(product, a, b, options, seed);
        return look(verifier, a, b)
                .map(v -> options.epipolarSearch() ? verifier.extend(v) : v)
                .flatMap(v -> verifier.finish(pair, v));
    }

    /** Compares more and more of the keypoints, until their geometry is sure enough to be followed. */
    private Optional<TwoViewVerifier.Verified> look(TwoViewVerifier verifier, MatchablePhoto a, MatchablePhoto b) {
        int all = Math.max(a.keypoints().count(), b.keypoints().count());
        int first = Math.min(options.firstLook(), all);
        DescriptorMatcher.Comparison comparison = descriptors.compare(a.descriptors(), b.descriptors());
        KeypointMatches candidates = comparison.first(first, options.maxRatio());
        if (candidates.count() < FIRST_MATCHES) {
            return Optional.empty();
        }
        // A half of the keypoints costs a quarter; more than half is nearly all.
        int[] looks = {first, Math.min(2 * first, all / 2)};
        for (int count : looks) {
            if (options.epipolarSearch() && count >= first && count < all) {
                Optional<TwoViewVerifier.Verified> found =
                        verifier.verify(comparison.first(count, options.maxRatio()), SURE_INLIERS);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return verifier.verify(comparison.first(all, options.maxRatio()), options.minInliers());
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
     * @throws IOException if the calling thread is interrupted
     */
    public List<MatchedPair> matchAll(
            List<PhotoPair> pairs, List<MatchablePhoto> photos, int threads, Progress progress) throws IOException {
        List<Optional<MatchedPair>> results = new ArrayList<>();
        pairs.forEach(p -> results.add(Optional.empty()));
        Parallel.forEach("matching", pairs.size(), threads, progress, k -> {
            PhotoPair pair = pairs.get(k);
            results.set(k, match(pair, photos.get(pair.a()), photos.get(pair.b())));
        });
        return results.stream().flatMap(Optional::stream).toList();
    }

    /** Frees the native matrix product. No match may be under way. */
    @Override
    public void close() {
        product.close();
    }
}
