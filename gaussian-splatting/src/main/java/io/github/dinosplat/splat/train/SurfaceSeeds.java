package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/**
 * Further points to start from, between the sparse ones: random pixels of the training photos at the depth of the sparse
 * points near them in the picture, kept where another training photo shows the same there. A short run has no time to
 * grow Gaussians into the gaps: on fountain-P11 (384x256, 600 iterations, 0003 and 0006 held out) 16,000 of them, no
 * farther than 0.06 from a sparse point, raised the held-out PSNR by 0.5 dB and the SSIM by 0.03.
 */
final class SurfaceSeeds {

    private static final long STREAM = 0x7365656473L;
    /** Pictures are compared at half the training size. */
    private static final int LEVEL = 1;
    /** Half side of the compared patches. */
    private static final int PATCH = 2;
    /** A patch may differ from the one in another photo by this much on average, of 255. */
    private static final double MOST_DIFFERENCE = 14;
    /** Farther than this part of the picture's long side from the nearest sparse point, depths are a guess. */
    private static final double MOST_GAP = 0.1;
    /** How many pixels are tried for each seed that is wanted. */
    private static final int TRIALS = 4;
    /** How many sparse points around a pixel suggest a depth. */
    private static final int NEIGHBOURS = 4;
    /** Sparse points of a view that are searched; more do not make depths much better. */
    private static final int MOST_KNOWN = 4000;
    /** With how many other photos each is compared. */
    private static final int PARTNERS = 8;

    private static final double LEAST_PARTNER_COSINE = 0.7;

    private final Scene scene;
    private final List<View> views;
    private final TrainingPhotos photos;
    private double[] positions = new double[0];
    private float[] colours = new float[0];
    private int made;

    /** Positions and colours (0 to 1) of some points, [N, 3] each. */
    record Points(double[] positions, float[] colours) {}

    /** A photo with its camera at the compared size. */
    private record Shot(View view, Camera camera, Image image) {}

    private SurfaceSeeds(Scene scene, List<View> views, TrainingPhotos photos) {
        this.scene = scene;
        this.views = views;
        this.photos = photos;
    }

    /**
     * Makes seeds.
     *
     * @param count how many are wanted; fewer come where the photos do not confirm them
     */
    static Points between(Scene scene, List<View> views, TrainingPhotos photos, int count, long seed)
            throws IOException {
        return new SurfaceSeeds(scene, views, photos).make(Math.max(0, count), seed);
    }

    private Points make(int count, long seed) throws IOException {
        positions = new double[3 * count];
        colours = new float[3 * count];
        for (int v = 0; v < views.size() && count > 0; v++) {
            int share = (int) ((long) count * (v + 1) / views.size() - (long) count * v / views.size());
            seedFrom(v, share, seed);
        }
        return new Points(Arrays.copyOf(positions, 3 * made), Arrays.copyOf(colours, 3 * made));
    }

    private void seedFrom(int v, int share, long seed) throws IOException {
        Shot shot = shot(views.get(v));
        double[] known = knownDepths(shot);
        List<Shot> partners = new ArrayList<>();
        for (View partner : partners(shot, known)) {
            partners.add(shot(partner));
        }
        Image image = shot.image();
        int width = image.width() - 2 * PATCH;
        int height = image.height() - 2 * PATCH;
        if (width <= 0 || height <= 0) {
            return;
        }
        int end = made + share;
        for (int trial = 0; trial < TRIALS * share && made < end; trial++) {
            int x = PATCH + (int) (Hash.uniform(seed ^ STREAM, 2L * v, trial) * width);
            int y = PATCH + (int) (Hash.uniform(seed ^ STREAM, 2L * v + 1, trial) * height);
            Optional<Vector3d> found = confirmed(shot, partners, known, x, y);
            if (found.isPresent()) {
                for (int k = 0; k < 3; k++) {
                    positions[3 * made + k] = found.get().get(k);
                    colours[3 * made + k] = image.value(x, y, k) / 255f;
                }
                made++;
            }
        }
    }

    private Shot shot(View view) throws IOException {
        return new Shot(view, photos.camera(view, LEVEL), photos.image(view, LEVEL));
    }

    /** x, y in pixels and depth of the points that a view knows, evenly thinned. */
    private double[] knownDepths(Shot shot) {
        View view = shot.view();
        boolean tracks = scene.observationCount() > 0;
        int[] points = IntStream.range(
                        0, tracks ? view.keypointCount() : scene.points().count())
                .map(i -> tracks ? view.pointIndex(i) : i)
                .filter(p -> p >= 0)
                .toArray();
        double[] known = new double[3 * Math.min(points.length, MOST_KNOWN)];
        int used = 0;
        double[] pixel = new double[3];
        for (int i = 0; i < known.length / 3; i++) {
            int p = points[(int) ((long) i * points.length / (known.length / 3))];
            if (project(shot, scene.points().position(p), 0, pixel)) {
                System.arraycopy(pixel, 0, known, used, 3);
                used += 3;
            }
        }
        return Arrays.copyOf(known, used);
    }

    /** Fills in x, y and depth; false where the point is not before the camera or within a border of the picture. */
    private static boolean project(Shot shot, Vector3d world, int border, double[] pixel) {
        Camera camera = shot.camera();
        Vector3d c = shot.view().camFromWorld().transform(world);
        pixel[0] = camera.fx() * c.x / c.z + camera.cx();
        pixel[1] = camera.fy() * c.y / c.z + camera.cy();
        pixel[2] = c.z;
        return c.z > 0
                && pixel[0] >= border
                && pixel[1] >= border
                && pixel[0] < camera.width() - border
                && pixel[1] < camera.height() - border;
    }

    /** The views that look the same way from nearby. */
    private List<View> partners(Shot shot, double[] known) {
        Vector3d centre = shot.view().camFromWorld().targetOriginInSource();
        Vector3d axis = axis(shot.view());
        return known.length == 0
                ? List.of()
                : views.stream()
                        .filter(o -> o != shot.view() && axis(o).dot(axis) > LEAST_PARTNER_COSINE)
                        .sorted(Comparator.comparingDouble((View o) ->
                                o.camFromWorld().targetOriginInSource().distance(centre)))
                        .limit(PARTNERS)
                        .toList();
    }

    private static Vector3d axis(View view) {
        return view.camFromWorld().rotation().transformInverse(new Vector3d(0, 0, 1));
    }

    /** The place of a pixel at the suggested depth that another photo confirms best. */
    private static Optional<Vector3d> confirmed(Shot shot, List<Shot> partners, double[] known, int x, int y) {
        Camera camera = shot.camera();
        double gap = MOST_GAP * Math.max(camera.width(), camera.height());
        Optional<Vector3d> best = Optional.empty();
        double least = MOST_DIFFERENCE;
        for (double z : suggestedDepths(known, x + 0.5, y + 0.5, gap)) {
            Vector3d inCam = new Vector3d(
                    (x + 0.5 - camera.cx()) / camera.fx() * z, (y + 0.5 - camera.cy()) / camera.fy() * z, z);
            Vector3d world = shot.view().camFromWorld().inverse().transform(inCam);
            for (Shot partner : partners) {
                double difference = difference(shot.image(), x, y, partner, world, least);
                if (difference < least) {
                    least = difference;
                    best = Optional.of(world);
                }
            }
        }
        return best;
    }

    /** The depths of the nearest known points and their mean weighted by nearness; none where all are too far away. */
    private static double[] suggestedDepths(double[] known, double x, double y, double gap) {
        double[] squares = new double[NEIGHBOURS];
        double[] depths = new double[NEIGHBOURS + 1];
        Arrays.fill(squares, Double.POSITIVE_INFINITY);
        int found = 0;
        for (int i = 0; i < known.length; i += 3) {
            double dx = known[i] - x;
            double dy = known[i + 1] - y;
            double square = dx * dx + dy * dy;
            if (square < squares[NEIGHBOURS - 1]) {
                int k = NEIGHBOURS - 1;
                for (; k > 0 && squares[k - 1] > square; k--) {
                    squares[k] = squares[k - 1];
                    depths[k] = depths[k - 1];
                }
                squares[k] = square;
                depths[k] = known[i + 2];
                found = Math.min(NEIGHBOURS, found + 1);
            }
        }
        if (!(squares[0] < gap * gap)) {
            return new double[0];
        }
        double sum = 0;
        double weights = 0;
        for (int k = 0; k < found; k++) {
            sum += 1 / (depths[k] * (squares[k] + 1));
            weights += 1 / (squares[k] + 1);
        }
        depths[found] = weights / sum;
        return Arrays.copyOf(depths, found + 1);
    }

    /** The mean difference of the patch to the one in another photo, both upright; stops early above a bound. */
    private static double difference(Image image, int x, int y, Shot other, Vector3d world, double bound) {
        double[] pixel = new double[3];
        if (!project(other, world, PATCH, pixel)) {
            return Double.POSITIVE_INFINITY;
        }
        int ox = (int) pixel[0];
        int oy = (int) pixel[1];
        int values = 3 * (2 * PATCH + 1) * (2 * PATCH + 1);
        int sum = 0;
        for (int dy = -PATCH; dy <= PATCH && sum < bound * values; dy++) {
            for (int dx = -PATCH; dx <= PATCH; dx++) {
                for (int k = 0; k < 3; k++) {
                    sum += Math.abs(
                            image.value(x + dx, y + dy, k) - other.image().value(ox + dx, oy + dy, k));
                }
            }
        }
        return (double) sum / values;
    }
}
