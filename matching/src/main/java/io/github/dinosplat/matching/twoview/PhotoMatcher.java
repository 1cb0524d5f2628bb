package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.DenseFeatureOptions;
import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.keypoint.AffineKeypoints;
import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.keypoint.SyntheticViews;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Matches two photos, hard pairs included, by one way after the other until one succeeds (after MODS, Mishkin et al. 2015):
 *
 * <ol>
 *   <li>their keypoints, as {@link PairMatcher} does;
 *   <li>also descriptors without the sign of gradients ({@link HalfSift}), which survive a change from day to night;
 *   <li>the same guided by dense features, where there are some ({@link PatchGuidance});
 *   <li>keypoints of simulated oblique views ({@link SyntheticViews}).
 * </ol>
 *
 * <p>The later ways take seconds. Guidance comes after the same descriptors without it: where those are sure already they find
 * more, at a tenth of the cost.
 */
public final class PhotoMatcher implements AutoCloseable {

    /** Tilts of the synthetic views: the photo as it is, and seen at 60 and at 76 degrees from its normal. */
    private static final double[] PLAIN = {1};

    private static final double[] SLANTED = {1, 2, 4};
    /** Long side in pixels of the photos that the synthetic views are made of. */
    private static final int VIEW_SIDE = 1200;

    /** Most keypoints of a photo in the ways after the first, before they are divided by the tilt of a view. */
    private static final int VIEW_KEYPOINTS = 5000;
    /** Long side in pixels at which the network sees photos. */
    private static final int NETWORK_SIDE = 512;

    /** Greatest ratio of distances of a candidate in the ways after the first: looser, because neighbours confirm them. */
    private static final double RATIO = 0.9;
    /** With fewer matches a further way is tried. */
    static final int ENOUGH = 60;

    private final KeypointOptions keypoints;
    private final KeypointSource source;
    private final MatchOptions options;
    private final Optional<DenseFeatures> features;
    private final MatrixProduct product = new MatrixProduct();
    private final DistinctMatcher distinct = new DistinctMatcher(product, RATIO);
    private final PairMatcher pairs;

    /**
     * A matcher.
     *
     * @param keypoints how keypoints are found
     * @param options how they are matched
     * @param features dense features that guide the matching where plain keypoints fail; the caller closes them. Empty for
     *     none
     */
    public PhotoMatcher(KeypointOptions keypoints, MatchOptions options, Optional<DenseFeatures> features) {
        this(keypoints, new KeypointDetector(keypoints), options, features);
    }

    /**
     * A matcher that looks at other keypoints than SIFT's first; the ways that follow keep to SIFT's, whose gradients they
     * need.
     *
     * @param keypoints how SIFT's keypoints are found in the later ways
     * @param source what finds the first keypoints; the caller closes it
     * @param options as above
     * @param features as above
     */
    public PhotoMatcher(
            KeypointOptions keypoints, KeypointSource source, MatchOptions options, Optional<DenseFeatures> features) {
        this.keypoints = keypoints;
        this.source = source;
        this.options = options;
        this.features = features;
        pairs = new PairMatcher(options);
    }

    /**
     * How photos are best seen by the network that guides: a long side of 512, which the embedded one was trained for, and two
     * vectors for each patch along each axis. Sixteen shifted runs instead of four gave no more.
     *
     * @return options for {@link DenseFeatures#embedded(DenseFeatureOptions)} and {@link DenseFeatures#open}
     */
    public static DenseFeatureOptions featureOptions() {
        return DenseFeatureOptions.defaults().withLongSide(NETWORK_SIDE).withSubdivision(2);
    }

    /**
     * Matches two photos.
     *
     * @param a first photo
     * @param cameraA its intrinsics, where known
     * @param b second photo
     * @param cameraB its intrinsics, where known
     * @return the verified matches; none where the photos do not agree on a geometry
     */
    public PhotoMatches match(Image a, Optional<Camera> cameraA, Image b, Optional<Camera> cameraB) {
        MatchablePhoto photoA = new MatchablePhoto(source.detect(a), cameraA);
        MatchablePhoto photoB = new MatchablePhoto(source.detect(b), cameraB);
        Optional<MatchedPair> plain = pairs.match(new PhotoPair(0, 1), photoA, photoB);
        if (plain.filter(p -> p.count() >= ENOUGH).isPresent()) {
            return plain(plain.get(), photoA.keypoints(), photoB.keypoints());
        }
        return further(a, b, new HardPairVerifier(a, cameraA, b, cameraB, options))
                .or(() -> plain.map(p -> plain(p, photoA.keypoints(), photoB.keypoints())))
                .orElseGet(PhotoMatches::none);
    }

    /** What the further ways found, up to the first that is sure; else the most that one found. */
    private Optional<PhotoMatches> further(Image a, Image b, HardPairVerifier verifier) {
        Views straight = new Views(views(a, PLAIN), views(b, PLAIN));
        List<Supplier<HardPairVerifier.Found>> ways = new ArrayList<>();
        ways.add(() ->
                verifier.verify(places(straight, Optional.empty(), verifier.longSide()), PhotoMatches.Way.HALF_CIRCLE));
        features.ifPresent(network -> ways.add(() -> verifier.verify(
                places(straight, Optional.of(guidance(network, a, b, straight)), verifier.longSide()),
                PhotoMatches.Way.DENSE_FEATURES)));
        // Features of a network do not survive a view from far aside, and are no help there.
        ways.add(() -> verifier.verify(
                places(new Views(views(a, SLANTED), views(b, SLANTED)), Optional.empty(), verifier.longSide()),
                PhotoMatches.Way.SYNTHETIC_VIEWS));
        Optional<PhotoMatches> most = Optional.empty();
        for (Supplier<HardPairVerifier.Found> way : ways) {
            HardPairVerifier.Found found = way.get();
            if (found.sure()) {
                return Optional.of(found.matches());
            }
            if (found.matches().count() > most.map(PhotoMatches::count).orElse(0)) {
                most = Optional.of(found.matches());
            }
        }
        return most;
    }

    /** Keypoints of two photos and of views of them. */
    private record Views(AffineKeypoints a, AffineKeypoints b) {}

    private AffineKeypoints views(Image photo, double[] tilts) {
        return SyntheticViews.detect(
                photo, tilts, keypoints.withMaxLongSide(VIEW_SIDE).withMaxKeypoints(VIEW_KEYPOINTS));
    }

    private PatchGuidance guidance(DenseFeatures network, Image a, Image b, Views views) {
        return new PatchGuidance(
                product, network.extract(a), views.a.keypoints(), network.extract(b), views.b.keypoints());
    }

    private PlaceMatches places(Views views, Optional<PatchGuidance> guidance, double side) {
        return DistinctMatcher.merged(
                distinct.match(views.a, views.b, guidance, side),
                distinct.matchHalf(views.a, views.b, guidance, side),
                side);
    }

    private static PhotoMatches plain(MatchedPair pair, Keypoints a, Keypoints b) {
        int n = pair.count();
        double[] inA = new double[2 * n];
        double[] inB = new double[2 * n];
        float[] scores = new float[n];
        for (int m = 0; m < n; m++) {
            int i = pair.keypointA(m);
            int j = pair.keypointB(m);
            inA[2 * m] = a.x(i);
            inA[2 * m + 1] = a.y(i);
            inB[2 * m] = b.x(j);
            inB[2 * m + 1] = b.y(j);
            for (int d = 0; d < Keypoints.DESCRIPTOR_SIZE; d++) {
                scores[m] += a.descriptors()[i * Keypoints.DESCRIPTOR_SIZE + d]
                        * b.descriptors()[j * Keypoints.DESCRIPTOR_SIZE + d];
            }
        }
        TwoViewGeometry geometry = pair.geometry();
        return new PhotoMatches(
                PhotoMatches.Way.KEYPOINTS,
                inA,
                inB,
                scores,
                geometry.fundamental(),
                geometry.essential(),
                geometry.bFromA());
    }

    /** Frees native memory. No match may be under way. */
    @Override
    public void close() {
        pairs.close();
        product.close();
    }
}
