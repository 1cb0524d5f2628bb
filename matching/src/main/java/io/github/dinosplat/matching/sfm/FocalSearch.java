package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.scene.Camera;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The focal length that two-view geometry asks for: with the right one, K'FK is an essential matrix, whose two singular
 * values are equal (Mendon&ccedil;a and Cipolla 1999). Every pair of photos of one camera votes over a range of focal
 * lengths.
 */
final class FocalSearch {

    /** Range of focal lengths over the longer side of the photo, and steps. */
    private static final double FROM = 0.4;

    private static final double TO = 4;
    private static final int STEPS = 140;
    /** Relative difference of the singular values at which a vote is halved. */
    private static final double WIDTH = 0.03;

    private static final int MIN_INLIERS = 50;

    private FocalSearch() {}

    /** The focal length in pixels that most pairs agree with; empty without pairs that say anything. */
    static OptionalDouble search(Camera camera, int cameraIndex, List<Integer> cameraOf, List<MatchedPair> pairs) {
        double size = Math.max(camera.width(), camera.height());
        double[] votes = new double[STEPS];
        int voters = 0;
        for (MatchedPair pair : pairs) {
            boolean ofCamera = cameraOf.get(pair.photoA()) == cameraIndex && cameraOf.get(pair.photoB()) == cameraIndex;
            int inliers = pair.geometry().fundamentalInliers();
            // A homography explains a plane or a pure turn, from which F is not determined.
            if (!ofCamera || inliers < MIN_INLIERS || pair.geometry().homographyInliers() > 0.7 * inliers) {
                continue;
            }
            voters++;
            double[] f = pair.geometry().fundamental();
            for (int s = 0; s < STEPS; s++) {
                double difference = singularDifference(f, focal(s) * size, camera.cx(), camera.cy());
                votes[s] += Math.min(inliers, 500) / (1 + difference * difference / (WIDTH * WIDTH));
            }
        }
        if (voters < 3) {
            return OptionalDouble.empty();
        }
        int best = 0;
        for (int s = 1; s < STEPS; s++) {
            best = votes[s] > votes[best] ? s : best;
        }
        // A peak at an end of the range is no peak.
        return best == 0 || best == STEPS - 1 ? OptionalDouble.empty() : OptionalDouble.of(focal(best) * size);
    }

    private static double focal(int step) {
        return FROM * Math.pow(TO / FROM, step / (STEPS - 1.0));
    }

    /** 1 less the ratio of the second to the first singular value of K'FK. */
    private static double singularDifference(double[] f, double focal, double cx, double cy) {
        double[] k = {focal, 0, cx, 0, focal, cy, 0, 0, 1};
        double[] e = new double[9];
        double[] fk = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                fk[3 * i + j] = f[3 * i] * k[j] + f[3 * i + 1] * k[3 + j] + f[3 * i + 2] * k[6 + j];
            }
        }
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                e[3 * i + j] = k[i] * fk[j] + k[3 + i] * fk[3 + j] + k[6 + i] * fk[6 + j];
            }
        }
        // With singular values a >= b and 0: trace(E'E) = a^2 + b^2 and the sum of E'E's principal 2x2 minors = a^2
        // b^2.
        double[] g = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                g[3 * i + j] = e[i] * e[j] + e[3 + i] * e[3 + j] + e[6 + i] * e[6 + j];
            }
        }
        double sum = g[0] + g[4] + g[8];
        double product = g[0] * g[4] - g[1] * g[1] + g[0] * g[8] - g[2] * g[2] + g[4] * g[8] - g[5] * g[5];
        double root = Math.sqrt(Math.max(0, sum * sum / 4 - product));
        double largest = sum / 2 + root;
        double second = Math.max(0, sum / 2 - root);
        return largest > 0 ? 1 - Math.sqrt(second / largest) : 1;
    }
}
