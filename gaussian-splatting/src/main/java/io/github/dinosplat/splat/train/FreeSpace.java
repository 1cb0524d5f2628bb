package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * Where nothing can be, for training photos look through: well before the surface that they surely show, or near a camera
 * where no two photos agree on anything. What floats there explains one photo's pixels and stands as fog in other views.
 * So does what reaches near to a camera from beside all photos: they see no more than its rim, so nothing keeps it from
 * growing into a needle that hides half of another view.
 */
final class FreeSpace {

    /** Before this part of the way to a photo's surface there is nothing. */
    private static final double BEFORE = 0.7;

    /** Nearer to a camera than this part of its median depth there is nothing that only one photo shows. */
    private static final double NEAR = 0.6;

    /** A Gaussian reaches this many standard deviations along its longest axis. */
    private static final double REACH = 2;

    /** Depths that differ by less than this part are of one surface. */
    private static final double SAME = 0.05;

    /** A logit of opacity at which refinement takes a Gaussian for dead. */
    private static final float GONE = (float) Gaussians.logit(0.001);

    private final List<SeenDepths> photos;
    private final double[] near;
    private final Vector3d[] centres;

    /**
     * Free space before some photos.
     *
     * @param photos depths of the photos
     */
    FreeSpace(List<SeenDepths> photos) {
        this.photos = photos;
        near = photos.stream().mapToDouble(p -> NEAR * median(p.map())).toArray();
        centres = photos.stream()
                .map(p -> p.camera().camFromWorld().targetOriginInSource())
                .toArray(Vector3d[]::new);
    }

    /** The median of the confirmed depths, 0 where there are none. */
    private static double median(DepthMap map) {
        double[] depths = new double[map.width() * map.height()];
        int n = 0;
        for (int i = 0; i < depths.length; i++) {
            if (map.confidence(i % map.width(), i / map.width()) > DenseDepth.GUESSED) {
                depths[n++] = map.depth(i % map.width(), i / map.width());
            }
        }
        Arrays.sort(depths, 0, n);
        return n == 0 ? 0 : depths[n / 2];
    }

    /** Takes the opacity of all Gaussians in free space, and of those that reach near to a camera while no photo shows their centre. */
    void clear(Gaussians gaussians) {
        for (int i = 0; i < gaussians.count(); i++) {
            Vector3d place = new Vector3d(
                    gaussians.means()[3 * i],
                    gaussians.means()[3 * i + 1],
                    gaussians.means()[3 * i + 2]);
            if (contains(place) || !isShown(place) && isNear(place, reach(gaussians, i))) {
                gaussians.logitOpacities()[i] = Math.min(gaussians.logitOpacities()[i], GONE);
            }
        }
    }

    /** Whether a place lies in free space. */
    boolean contains(Vector3d place) {
        int inPicture = 0;
        int through = 0;
        for (SeenDepths photo : photos) {
            Optional<PicturePoint> seen = photo.camera().see(place);
            if (seen.isPresent()) {
                double depth = seen.get().depth();
                double surface = photo.depth(seen.get());
                float confidence = photo.confidence(seen.get());
                if (confidence > DenseDepth.GUESSED && Math.abs(depth / surface - 1) < SAME) {
                    return false;
                }
                boolean known = confidence >= DenseDepth.GUESSED;
                inPicture += photo.mayShow(seen.get()) ? 1 : 0;
                through += known && depth < BEFORE * surface ? 1 : 0;
            }
        }
        return 2 * through > inPicture;
    }

    private boolean isShown(Vector3d place) {
        for (SeenDepths photo : photos) {
            Optional<PicturePoint> seen = photo.camera().see(place);
            if (seen.isPresent() && photo.mayShow(seen.get())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a place is so near to a camera that a guess should not put anything there. */
    boolean isNear(Vector3d place) {
        return isNear(place, new Vector3d());
    }

    /** Whether any of a line is so near, which reaches as far to both sides of its middle. */
    private boolean isNear(Vector3d middle, Vector3d reach) {
        for (int v = 0; v < centres.length; v++) {
            Vector3d way = new Vector3d(centres[v]).sub(middle);
            double part = way.dot(reach) / Math.max(Double.MIN_NORMAL, reach.lengthSquared());
            if (way.fma(-Math.max(-1, Math.min(1, part)), reach).length() < near[v]) {
                return true;
            }
        }
        return false;
    }

    /** How far a Gaussian reaches along its longest axis. */
    private static Vector3d reach(Gaussians gaussians, int i) {
        float[] logScales = gaussians.logScales();
        int longest = 0;
        for (int k = 1; k < 3; k++) {
            longest = logScales[3 * i + k] > logScales[3 * i + longest] ? k : longest;
        }
        float[] q = gaussians.quaternions();
        Quaterniond worldFromAxes = new Quaterniond(q[4 * i + 1], q[4 * i + 2], q[4 * i + 3], q[4 * i]).normalize();
        Vector3d reach = new Vector3d().setComponent(longest, REACH * Math.exp(logScales[3 * i + longest]));
        return worldFromAxes.transform(reach);
    }
}
