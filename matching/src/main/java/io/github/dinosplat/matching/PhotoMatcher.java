package io.github.dinosplat.matching;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.robust.RansacOptions;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.robust.RobustFundamental;
import io.github.dinosplat.matching.robust.RobustHomography;
import io.github.dinosplat.matching.robust.RobustMatrix;
import io.github.dinosplat.matching.robust.RobustPose;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import java.util.Optional;

/**
 * Matches two photos, hard ones too: first by their keypoints; where these agree on no geometry, also by descriptors that do
 * not mind a change of light, and at last by keypoints of synthetic views from aside (MODS, Mishkin et al. 2015). The later
 * ways take seconds and are taken only when the earlier ones failed.
 */
public final class PhotoMatcher implements AutoCloseable {

    private static final double[] PLAIN = {1};
    private static final double[] SLANTED = {1, 2, 4};
    /** The synthetic views are made of photos of this size, and have fewer keypoints. */
    private static final int VIEW_SIDE = 1200;

    private static final int VIEW_KEYPOINTS = 5000;
    private static final double RATIO = 0.9;
    private static final int TRIALS = 20_000;
    private static final int LEAST = 15;
    /** With fewer matches a further way is tried, and the one with most is taken. */
    private static final int ENOUGH = 60;

    /** Neighbours that must confirm a match. */
    private static final int SUPPORT = 3;
    /** Confirmed matches of which so many agree with a fundamental matrix are no chance. */
    private static final double STANDING_SHARE = 0.6;
    /** Matches of which so many lie on a plane are judged by it, which is the stricter test. */
    private static final double PLANAR_SHARE = 0.7;

    private final KeypointOptions keypoints;
    private final MatchOptions options;
    private final MatrixProduct product = new MatrixProduct();
    private final PairMatcher pairs;

    /**
     * A matcher.
     *
     * @param keypoints how keypoints are found
     * @param options how they are matched
     */
    public PhotoMatcher(KeypointOptions keypoints, MatchOptions options) {
        this.keypoints = keypoints;
        this.options = options;
        pairs = new PairMatcher(options);
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
        KeypointDetector detector = new KeypointDetector(keypoints);
        MatchablePhoto photoA = new MatchablePhoto(detector.detect(a), cameraA);
        MatchablePhoto photoB = new MatchablePhoto(detector.detect(b), cameraB);
        Optional<MatchedPair> plain = pairs.match(new PhotoPair(0, 1), photoA, photoB);
        if (plain.filter(p -> p.count() >= ENOUGH).isPresent()) {
            return plain(plain.get(), photoA.keypoints(), photoB.keypoints());
        }
        double side = Math.max(Math.max(a.width(), a.height()), Math.max(b.width(), b.height()));
        KeypointOptions fewer = keypoints.withMaxLongSide(VIEW_SIDE).withMaxKeypoints(VIEW_KEYPOINTS);
        Hard hard = new Hard(cameraA, cameraB, side);
        DistinctMatcher matcher = new DistinctMatcher(product);
        Optional<PhotoMatches> best = Optional.empty();
        for (double[] tilts : new double[][] {PLAIN, SLANTED}) {
            SyntheticViews.Framed ka = SyntheticViews.detect(a, tilts, fewer);
            SyntheticViews.Framed kb = SyntheticViews.detect(b, tilts, fewer);
            DistinctMatcher.Places places = DistinctMatcher.merged(
                    matcher.match(ka, kb, side, RATIO), matcher.matchHalf(ka, kb, side, RATIO), side);
            PhotoMatches.Way way = tilts == PLAIN ? PhotoMatches.Way.HALF_CIRCLE : PhotoMatches.Way.SYNTHETIC_VIEWS;
            Optional<PhotoMatches> found = hard.verify(places, way);
            if (found.isPresent()
                    && found.get().count() > best.map(PhotoMatches::count).orElse(0)) {
                best = found;
            }
            if (best.filter(m -> m.count() >= ENOUGH).isPresent()) {
                break;
            }
        }
        return best.orElseGet(PhotoMatches::none);
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

    /** Verification of matches of which most may be wrong. */
    private final class Hard {
        private final Optional<Camera> cameraA;
        private final Optional<Camera> cameraB;
        private final double side;
        private final RansacOptions ransac;

        Hard(Optional<Camera> cameraA, Optional<Camera> cameraB, double side) {
            this.cameraA = cameraA;
            this.cameraB = cameraB;
            this.side = side;
            double pixels = options.thresholdPixels() * Math.max(1, side / 1000);
            ransac = RansacOptions.defaults()
                    .withThresholdPixels(pixels)
                    .withMaxTrials(TRIALS)
                    .withSeed(options.seed());
        }

        Optional<PhotoMatches> verify(DistinctMatcher.Places all, PhotoMatches.Way way) {
            int[] confirmed = LocalSupport.confirmed(all, side, SUPPORT);
            DistinctMatcher.Places places = DistinctMatcher.select(all, confirmed);
            Optional<RobustMatrix> plane = RobustHomography.estimate(places.a(), places.b(), ransac);
            Optional<RobustMatrix> lines = RobustFundamental.estimate(places.a(), places.b(), ransac);
            int onPlane = count(plane);
            int onLines = count(lines);
            boolean planeStands = onPlane >= LEAST;
            boolean linesStand = onLines >= LEAST && onLines >= STANDING_SHARE * places.count();
            if (lines.isEmpty() || !(planeStands || linesStand)) {
                return Optional.empty();
            }
            boolean planar = planeStands && onPlane >= PLANAR_SHARE * onLines;
            // A match that one other confirms is worth little, but not where it agrees with what others found.
            DistinctMatcher.Places more = DistinctMatcher.select(all, LocalSupport.confirmed(all, side, 1));
            Optional<RobustMatrix> refined = RobustFundamental.refine(
                    more.a(), more.b(), ransac, lines.get().matrix());
            if (count(refined) > onLines) {
                lines = refined;
                places = planar ? places : more;
            }
            int[] inliers = planar ? plane.orElseThrow().inliers() : lines.get().inliers();
            double[] a = select(places.a(), inliers);
            double[] b = select(places.b(), inliers);
            float[] scores = new float[inliers.length];
            for (int k = 0; k < scores.length; k++) {
                scores[k] = places.cosines()[inliers[k]];
            }
            double[] f = lines.get().matrix();
            if (cameraA.isPresent() && cameraB.isPresent()) {
                Optional<RobustPose> pose = RobustEssential.estimate(cameraA.get(), a, cameraB.get(), b, ransac);
                if (pose.isPresent()) {
                    return Optional.of(new PhotoMatches(
                            way,
                            a,
                            b,
                            scores,
                            RobustEssential.fundamentalOf(
                                    cameraA.get(), cameraB.get(), pose.get().pose()),
                            Optional.of(RobustEssential.essentialOf(pose.get().pose())),
                            Optional.of(pose.get().pose())));
                }
            }
            return Optional.of(new PhotoMatches(way, a, b, scores, f, Optional.empty(), Optional.empty()));
        }

        private int count(Optional<RobustMatrix> fit) {
            return fit.map(f -> f.inliers().length).orElse(0);
        }

        private double[] select(double[] points, int[] index) {
            double[] out = new double[2 * index.length];
            for (int k = 0; k < index.length; k++) {
                out[2 * k] = points[2 * index[k]];
                out[2 * k + 1] = points[2 * index[k] + 1];
            }
            return out;
        }
    }

    /** Frees native memory. No match may be under way. */
    @Override
    public void close() {
        pairs.close();
        product.close();
    }
}
