package io.github.dinosplat.samples.pairs;

import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Camera;
import java.util.Optional;
import org.joml.Vector3d;

/** What is known of two photos, by which matches are judged. */
sealed interface Truth permits TruePose, TruePlane, TruePoints {

    /** Distance from the truth under which a match is right, and a true point explained, as a share of the diagonal. */
    double RIGHT = 0.01;

    /**
     * A judgement.
     *
     * @param solved whether the geometry was found
     * @param right how many of the matches are right
     * @param errorDeg error of the relative pose in degrees: the greater of the rotation's and the direction's; 180 where none
     *     was found or none is known
     */
    record Verdict(boolean solved, int right, double errorDeg) {}

    /**
     * Judges what was found.
     *
     * @param found the matches
     * @param diagonal of the second photo in pixels
     */
    Verdict judge(PhotoMatches found, double diagonal);

    /** The first photo's camera, where it is known. */
    default Optional<Camera> cameraA() {
        return Optional.empty();
    }

    /** The second photo's camera, where it is known. */
    default Optional<Camera> cameraB() {
        return Optional.empty();
    }

    /** How many points [n, 2] lie near their epipolar lines in both photos. */
    static int onLines(double[] a, double[] b, double[] f, double near) {
        int count = 0;
        for (int i = 0; i < a.length; i += 2) {
            Vector3d inA = new Vector3d(a[i], a[i + 1], 1);
            Vector3d inB = new Vector3d(b[i], b[i + 1], 1);
            double bx = f[0] * inA.x + f[1] * inA.y + f[2];
            double by = f[3] * inA.x + f[4] * inA.y + f[5];
            double bz = f[6] * inA.x + f[7] * inA.y + f[8];
            double ax = f[0] * inB.x + f[3] * inB.y + f[6];
            double ay = f[1] * inB.x + f[4] * inB.y + f[7];
            double off = Math.abs(bx * inB.x + by * inB.y + bz) / Math.min(Math.hypot(bx, by), Math.hypot(ax, ay));
            count += off < near ? 1 : 0;
        }
        return count;
    }
}
