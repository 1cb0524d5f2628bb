package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.joml.Vector3d;

/**
 * A shell of large, far Gaussians around the scene, coloured like what the training photos show in its direction: sky and
 * distant things have something to grow from, and what no training photo saw is a smooth continuation instead of a hole.
 * At the ends of the camera arcs of fountain-P11 and Herz-Jesus-P8 (384 px, 600 iterations) this is worth 6 dB.
 *
 * <p>It is coarse on purpose. A finer shell learns each photo's own pixels, at a wrong distance, sooner than surfaces form
 * at the right one, and what few photos show then falls apart between them.
 */
final class Surroundings {

    private static final int COUNT = 300;
    private static final double MOST_PART = 0.1;

    /**
     * Distance from the centre: beyond the points by this factor, and at least that many camera radii. The factor is such that the
     * shell lies behind the points also where it is seen from the side, by depth along the axis: at 70 degrees off a third of it.
     */
    private static final double BEYOND_POINTS = 4;

    private static final double LEAST_RADIUS = 10;

    /** Standard deviation of a Gaussian by the distance to its neighbours. */
    private static final double OVERLAP = 0.6;

    private static final double OPACITY = 0.9;
    /** Colours are smoothed over about this angle, in radians. */
    private static final double SMOOTHING = 0.05;
    /** Pixels that are looked at along each side of a photo. */
    private static final int SAMPLES = 24;

    private Surroundings() {}

    /** How many Gaussians the shell has where there may be so many in all. */
    static int countFor(int mostGaussians) {
        return (int) Math.min(COUNT, MOST_PART * mostGaussians);
    }

    /** Adds the shell behind some Gaussians; the normalised frame puts the centre at the origin. */
    static Gaussians around(Gaussians inner, List<View> views, TrainingPhotos photos, int count) throws IOException {
        if (count == 0) {
            return inner;
        }
        double radius = Math.max(LEAST_RADIUS, BEYOND_POINTS * farthest(inner));
        double spacing = Math.sqrt(4 * Math.PI / count);
        double[][] samples = samples(views, photos);
        Gaussians all = Gaussians.zeros(inner.count() + count, inner.shDegree());
        copy(inner, all);
        for (int i = 0; i < count; i++) {
            int at = inner.count() + i;
            Vector3d direction = onSphere(i, count);
            double[] colour = colour(direction, samples);
            for (int k = 0; k < 3; k++) {
                all.means()[3 * at + k] = (float) (radius * direction.get(k));
                all.logScales()[3 * at + k] = (float) Math.log(OVERLAP * spacing * radius);
                all.sh()[3 * Gaussians.SH_COEFFICIENTS * at + k] =
                        (float) ((colour[k] - 0.5) / InitialGaussians.SH_BASE);
            }
            all.quaternions()[4 * at] = 1;
            all.logitOpacities()[at] = (float) Gaussians.logit(OPACITY);
        }
        return all;
    }

    static void copy(Gaussians from, Gaussians to) {
        System.arraycopy(from.means(), 0, to.means(), 0, from.means().length);
        System.arraycopy(from.logScales(), 0, to.logScales(), 0, from.logScales().length);
        System.arraycopy(from.quaternions(), 0, to.quaternions(), 0, from.quaternions().length);
        System.arraycopy(from.logitOpacities(), 0, to.logitOpacities(), 0, from.count());
        System.arraycopy(from.sh(), 0, to.sh(), 0, from.sh().length);
    }

    /** The distance of all but the outermost hundredth of the points, which may be mismatches. */
    private static double farthest(Gaussians g) {
        double[] distances = new double[g.count()];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = Math.sqrt(g.means()[3 * i] * g.means()[3 * i]
                    + g.means()[3 * i + 1] * g.means()[3 * i + 1]
                    + g.means()[3 * i + 2] * g.means()[3 * i + 2]);
        }
        Arrays.sort(distances);
        return distances[(int) (0.99 * (distances.length - 1))];
    }

    /** Evenly spread directions: a Fibonacci spiral. */
    private static Vector3d onSphere(int i, int count) {
        double y = 1 - (2 * i + 1.0) / count;
        double r = Math.sqrt(1 - y * y);
        double phi = i * Math.PI * (3 - Math.sqrt(5));
        return new Vector3d(r * Math.cos(phi), y, r * Math.sin(phi));
    }

    /** Unit direction and colour (0 to 1) of pixels of the photos, spread evenly. */
    private static double[][] samples(List<View> views, TrainingPhotos photos) throws IOException {
        double[][] samples = new double[views.size() * SAMPLES * SAMPLES][];
        int n = 0;
        for (View view : views) {
            Image image = photos.image(view, 2);
            Camera camera = photos.camera(view, 2);
            for (int j = 0; j < SAMPLES * SAMPLES; j++) {
                int x = (int) ((j % SAMPLES + 0.5) * image.width() / SAMPLES);
                int y = (int) ((j / SAMPLES + 0.5) * image.height() / SAMPLES);
                Vector3d d = view.camFromWorld().rotation().transformInverse(camera.direction(x + 0.5, y + 0.5));
                samples[n++] = new double[] {
                    d.x,
                    d.y,
                    d.z,
                    image.value(x, y, 0) / 255.0,
                    image.value(x, y, 1) / 255.0,
                    image.value(x, y, 2) / 255.0
                };
            }
        }
        return samples;
    }

    /** Mean of the samples' colours, weighted by the inverse fourth power of the angle beyond the smoothing. */
    private static double[] colour(Vector3d direction, double[][] samples) {
        double[] sum = new double[3];
        double total = 0;
        for (double[] s : samples) {
            double chord2 = 2 - 2 * (s[0] * direction.x + s[1] * direction.y + s[2] * direction.z);
            double w = 1 / ((chord2 + SMOOTHING * SMOOTHING) * (chord2 + SMOOTHING * SMOOTHING));
            total += w;
            for (int k = 0; k < 3; k++) {
                sum[k] += w * s[3 + k];
            }
        }
        for (int k = 0; k < 3; k++) {
            sum[k] /= total;
        }
        return sum;
    }
}
