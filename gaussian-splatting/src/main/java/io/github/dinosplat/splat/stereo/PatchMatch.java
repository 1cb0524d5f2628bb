package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.splat.PicturePoint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The search for one view: every pixel keeps a plane (inverse depth at the pixel and its slope along x and y, which is
 * exact for planes), takes over its neighbours' where those fit better, and tries random changes.
 */
final class PatchMatch {

    private static final int SWEEPS = 3;
    /** Above this, a patch looks too unlike its partners: 1 less the correlation. */
    private static final float MOST_COST = 0.35f;

    /** How far beyond the nearest and farthest sparse point depths are searched. */
    private static final double MARGIN = 1.5;

    private static final int RANDOM_TRIALS = 2;
    /** Planes that differ by less than this part are not worth a comparison. */
    private static final float SAME = 2e-4f;

    private final int width;
    private final int height;
    private final float[] inverse;
    private final float[] slopeX;
    private final float[] slopeY;
    private final float[] cost;
    private final StereoView view;
    private final PatchCost costs;
    private final SplittableRandom random;
    private float least;
    private float most;

    private PatchMatch(StereoView view, List<StereoView> partners, long seed) {
        this.view = view;
        this.width = view.picture().width();
        this.height = view.picture().height();
        this.inverse = new float[width * height];
        this.slopeX = new float[width * height];
        this.slopeY = new float[width * height];
        this.cost = DenseDepth.filled(width * height, Float.POSITIVE_INFINITY);
        this.costs = new PatchCost(view, partners);
        this.random = new SplittableRandom(seed);
    }

    /**
     * Searches.
     *
     * @return [height, width] inverse depths, 0 where no patch of the partners looks like the pixel's own: all that is kept
     */
    static float[] inverse(StereoView view, List<StereoView> partners, long seed) {
        return partners.isEmpty()
                ? new float[view.picture().width() * view.picture().height()]
                : new PatchMatch(view, partners, seed).run();
    }

    private float[] run() {
        double[] known = known();
        if (known.length > 0) {
            start(known);
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                boolean forward = sweep % 2 == 0;
                for (int k = 0; k < width * height; k++) {
                    improve(forward ? k : width * height - 1 - k, forward ? 1 : -1, sweep);
                }
            }
        }
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = cost[i] < MOST_COST ? inverse[i] : 0;
        }
        return inverse;
    }

    /** x, y, depth of the sparse points in the picture; sets the range of inverse depths. */
    private double[] known() {
        double[] known = new double[view.points().length];
        int used = 0;
        double near = Double.POSITIVE_INFINITY;
        double far = 0;
        for (int i = 0; i < known.length; i += 3) {
            Optional<PicturePoint> seen = view.camera().see(view.point(i));
            if (seen.isPresent()) {
                known[used++] = seen.get().x();
                known[used++] = seen.get().y();
                known[used++] = seen.get().depth();
                near = Math.min(near, seen.get().depth());
                far = Math.max(far, seen.get().depth());
            }
        }
        least = (float) (1 / (far * MARGIN));
        most = (float) (MARGIN / near);
        return Arrays.copyOf(known, used);
    }

    /** Planes facing the camera at the depth of the nearest sparse point. */
    private void start(double[] known) {
        int[] nearest = nearest(known);
        for (int i = 0; i < inverse.length; i++) {
            costs.centre(i);
            attempt(i, (float) (1 / known[3 * nearest[i] + 2]), 0, 0);
            // Kept even where nothing fits, so that neighbours have something to begin with.
            if (!(cost[i] < Float.POSITIVE_INFINITY)) {
                inverse[i] = (float) (1 / known[3 * nearest[i] + 2]);
            }
        }
    }

    /** The sparse point next to each pixel, by passing indices on from neighbour to neighbour in two sweeps, twice. */
    private int[] nearest(double[] known) {
        int[] nearest = new int[width * height];
        Arrays.fill(nearest, -1);
        for (int k = 0; k < known.length / 3; k++) {
            nearest[(int) known[3 * k + 1] * width + (int) known[3 * k]] = k;
        }
        for (int pass = 0; pass < 4; pass++) {
            int step = pass % 2 == 0 ? 1 : -1;
            for (int k = 0; k < nearest.length; k++) {
                int i = step > 0 ? k : nearest.length - 1 - k;
                for (int[] d : new int[][] {{-1, 0}, {0, -1}, {-1, -1}, {1, -1}}) {
                    int x = i % width + step * d[0];
                    int y = i / width + step * d[1];
                    if (x >= 0 && y >= 0 && x < width && y < height) {
                        int offered = nearest[y * width + x];
                        if (offered >= 0
                                && (nearest[i] < 0 || distance(known, offered, i) < distance(known, nearest[i], i))) {
                            nearest[i] = offered;
                        }
                    }
                }
            }
        }
        return nearest;
    }

    private double distance(double[] known, int k, int i) {
        double dx = known[3 * k] - i % width - 0.5;
        double dy = known[3 * k + 1] - i / width - 0.5;
        return dx * dx + dy * dy;
    }

    private void improve(int i, int step, int sweep) {
        costs.centre(i);
        int x = i % width;
        int y = i / width;
        takeOver(i, x - step, y, step, 0);
        takeOver(i, x, y - step, 0, step);
        if (sweep > 0) {
            takeOver(i, x - 5 * step, y, 5 * step, 0);
            takeOver(i, x, y - 5 * step, 0, 5 * step);
        }
        if (sweep < 2) {
            attempt(i, least + (most - least) * (float) (random.nextDouble() * random.nextDouble()), 0, 0);
        }
        double range = 0.1 / (1 << 2 * sweep);
        for (int k = 0; k < RANDOM_TRIALS; k++) {
            float tilt = (float) (4 * range * 10 * inverse[i] / view.camera().fx());
            attempt(
                    i,
                    inverse[i] * (float) (1 + range * symmetric()),
                    slopeX[i] + tilt * (float) symmetric(),
                    slopeY[i] + tilt * (float) symmetric());
            range /= 2;
        }
    }

    private double symmetric() {
        return 2 * random.nextDouble() - 1;
    }

    private void takeOver(int i, int x, int y, int dx, int dy) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            int from = y * width + x;
            float value = inverse[from] + dx * slopeX[from] + dy * slopeY[from];
            // Most pixels already have their neighbour's plane.
            if (Math.abs(value - inverse[i]) > SAME * value
                    || Math.abs(slopeX[from] - slopeX[i]) + Math.abs(slopeY[from] - slopeY[i]) > SAME / 4 * value) {
                attempt(i, value, slopeX[from], slopeY[from]);
            }
        }
    }

    private void attempt(int i, float value, float byX, float byY) {
        if (!(value >= least && value <= most)) {
            return;
        }
        float attempted = costs.of(value, byX, byY);
        if (attempted < cost[i]) {
            cost[i] = attempted;
            inverse[i] = value;
            slopeX[i] = byX;
            slopeY[i] = byY;
        }
    }
}
