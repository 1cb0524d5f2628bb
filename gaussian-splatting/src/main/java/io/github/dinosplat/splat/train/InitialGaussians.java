package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/**
 * The Gaussians that training starts from: a round one at every sparse point and at seeds between them, as large as the
 * distance to its neighbours (Kerbl et al. 2023, section 5.1).
 */
final class InitialGaussians {

    /** The basis function of degree 0 of the spherical harmonics. */
    static final double SH_BASE = 0.28209479177387814;

    /** High enough that surfaces hide what is behind them from the start. */
    private static final double OPACITY = 0.3;

    /** Sparse points with seeds are up to this part of the most Gaussians; the rest grows where it is needed. */
    private static final double SEEDED_PART = 0.9;

    /** Seeds may be that part at least, however many sparse points there are: points crowd where texture is. */
    private static final double LEAST_SEEDS = 0.45;

    /** A lone point far from all others starts no larger than this part of its distance from the nearest camera. */
    private static final double MOST_OF_DISTANCE = 0.05;

    private static final double LEAST_SCALE = 1e-6;
    private static final long THINNING = 0x7468696eL;

    private final Scene scene;
    private final List<View> views;
    private final TrainingPhotos photos;

    private InitialGaussians(Scene scene, List<View> views, TrainingPhotos photos) {
        this.scene = scene;
        this.views = views;
        this.photos = photos;
    }

    /**
     * Starts from a scene's points.
     *
     * @param views the photos that are trained on; where the scene has tracks, colours come from these photos alone, and
     *     points that none of them observes are left out
     * @param dense makes seeds between the sparse points
     * @param most the most Gaussians; points that find no place beside the seeds are left out, always the same ones for a seed
     */
    static Gaussians from(
            Scene scene, List<View> views, TrainingPhotos photos, DenseSeeds.Source dense, int most, long seed)
            throws IOException {
        return new InitialGaussians(scene, views, photos).build(dense, most, seed);
    }

    private Gaussians build(DenseSeeds.Source dense, int most, long seed) throws IOException {
        int n = scene.points().count();
        float[] colours = new float[3 * n];
        boolean[] usable = colours(colours);
        long known = IntStream.range(0, n).filter(i -> usable[i]).count();
        int wanted = (int) Math.max(SEEDED_PART * most - known, LEAST_SEEDS * most);
        DenseSeeds.Points seeds = dense.seeds(wanted);
        int made = seeds.colours().length / 3;
        int[] chosen = thinned(usable, made == 0 ? most : (int) (SEEDED_PART * most) - made, seed);
        if (chosen.length == 0) {
            throw new IOException("the scene has no points that the training photos observe"
                    + "; triangulate points for its cameras first");
        }
        int count = chosen.length + made;
        double[] positions = Arrays.copyOf(seeds.positions(), 3 * count);
        float[] shades = Arrays.copyOf(seeds.colours(), 3 * count);
        int at = seeds.colours().length;
        for (int point : chosen) {
            for (int axis = 0; axis < 3; axis++) {
                positions[at] = scene.points().coordinate(point, axis);
                shades[at++] = colours[3 * point + axis];
            }
        }
        return at(positions, shades);
    }

    private Gaussians at(double[] positions, float[] colours) {
        int n = colours.length / 3;
        double[] distances = NeighbourDistances.meanOfThree(positions);
        Gaussians gaussians = Gaussians.zeros(n, Gaussians.MAX_SH_DEGREE);
        for (int i = 0; i < n; i++) {
            double bound = MOST_OF_DISTANCE * distanceToNearestCamera(positions, i);
            double scale = distances[i] > 0 ? Math.min(distances[i], bound) : bound;
            for (int axis = 0; axis < 3; axis++) {
                gaussians.means()[3 * i + axis] = (float) positions[3 * i + axis];
                gaussians.logScales()[3 * i + axis] = (float) Math.log(Math.max(scale, LEAST_SCALE));
                gaussians.sh()[3 * Gaussians.SH_COEFFICIENTS * i + axis] =
                        (float) ((colours[3 * i + axis] - 0.5) / SH_BASE);
            }
            gaussians.quaternions()[4 * i] = 1;
            gaussians.logitOpacities()[i] = (float) Gaussians.logit(OPACITY);
        }
        return gaussians;
    }

    private double distanceToNearestCamera(double[] positions, int i) {
        Vector3d p = new Vector3d(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
        double least = Double.POSITIVE_INFINITY;
        for (View view : views) {
            least = Math.min(least, p.distance(view.camFromWorld().targetOriginInSource()));
        }
        return least;
    }

    /** Fills in the colours, 0 to 1, and tells which points the training photos know. */
    private boolean[] colours(float[] colours) throws IOException {
        int n = scene.points().count();
        boolean[] usable = new boolean[n];
        if (scene.observationCount() == 0) {
            for (int i = 0; i < 3 * n; i++) {
                colours[i] = scene.points().colour(i / 3, i % 3) / 255f;
            }
            Arrays.fill(usable, true);
            return usable;
        }
        int[] samples = new int[n];
        for (View view : views) {
            Camera full = scene.cameraOf(view);
            Image image = photos.image(view, 0);
            for (int k = 0; k < view.keypointCount(); k++) {
                int p = view.pointIndex(k);
                if (p >= 0) {
                    int x = pixel(view.x(k), full.width(), image.width());
                    int y = pixel(view.y(k), full.height(), image.height());
                    for (int c = 0; c < 3; c++) {
                        colours[3 * p + c] += image.value(x, y, c) / 255f;
                    }
                    samples[p]++;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            usable[i] = samples[i] > 0;
            for (int c = 0; c < 3; c++) {
                colours[3 * i + c] /= Math.max(1, samples[i]);
            }
        }
        return usable;
    }

    private static int pixel(double position, int fullSize, int size) {
        return Math.min(size - 1, Math.max(0, (int) (position * size / fullSize)));
    }

    private static int[] thinned(boolean[] usable, int most, long seed) {
        int[] all = IntStream.range(0, usable.length).filter(i -> usable[i]).toArray();
        if (all.length <= most) {
            return all;
        }
        return IntStream.of(all)
                .boxed()
                .sorted((a, b) -> Long.compare(Hash.bits(seed, THINNING, a), Hash.bits(seed, THINNING, b)))
                .limit(most)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
