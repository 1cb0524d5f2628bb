package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.splat.PicturePoint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The depth of each patch of a photo at which its features are most like those of the partners: a cost for each of many
 * depths, made consistent along rows and columns of patches by semi-global matching (Hirschmueller 2008).
 */
final class PatchSweep {

    private static final int STEPS = 96;

    /** How far beyond the nearest and farthest sparse point depths are searched. */
    private static final double MARGIN = 1.5;

    /** What a change of depth by one step, and by more, costs between neighbours, in cosines. */
    private static final float STEP_COST = 0.03f;

    private static final float JUMP_COST = 0.3f;

    /** Where no partner shows a place, and the most that unlike patches cost. */
    private static final float UNSEEN = 0.8f;

    final int rows;
    final int columns;
    /** Width of a patch in pixels of the picture. */
    final double patch;
    /** [rows, columns] inverse depths, 0 where none fits. */
    final float[] inverse;

    private final StereoView view;
    private final FeatureMap own;
    private final List<StereoView> partners;
    private final List<FeatureMap> theirs;
    private final int width;
    private final int height;
    private float least;
    private float most;

    PatchSweep(StereoView view, FeatureMap own, List<StereoView> partners, List<FeatureMap> theirs) {
        this.view = view;
        this.own = own;
        this.partners = partners;
        this.theirs = theirs;
        rows = own.rows();
        columns = own.columns();
        width = view.picture().width();
        height = view.picture().height();
        patch = (double) width / columns;
        inverse = new float[rows * columns];
    }

    void run() {
        if (findRange() && !partners.isEmpty()) {
            float[] costs = costs();
            chooseBest(costs, aggregated(costs));
        }
    }

    /** Horizontal place of a patch's centre in pixels of the picture. */
    double x(int i) {
        return (i % columns + 0.5) * width / columns;
    }

    /** Vertical place of a patch's centre. */
    double y(int i) {
        return (i / columns + 0.5) * height / rows;
    }

    /** The patch around a place, -1 outside. */
    int at(double x, double y) {
        int c = (int) Math.floor(x * columns / width);
        int r = (int) Math.floor(y * rows / height);
        return c >= 0 && r >= 0 && c < columns && r < rows ? r * columns + c : -1;
    }

    private boolean findRange() {
        double near = Double.POSITIVE_INFINITY;
        double far = 0;
        for (int i = 0; i < view.points().length; i += 3) {
            Optional<PicturePoint> seen = view.camera().see(view.point(i));
            if (seen.isPresent()) {
                near = Math.min(near, seen.get().depth());
                far = Math.max(far, seen.get().depth());
            }
        }
        least = (float) (1 / (far * MARGIN));
        most = (float) (MARGIN / near);
        return far > 0;
    }

    private float inverse(double step) {
        return (float) (least + (most - least) * step / (STEPS - 1));
    }

    /** [rows, columns, STEPS]: 1 less the cosine, the mean over the better half of the partners that show the place. */
    private float[] costs() {
        float[] costs = new float[rows * columns * STEPS];
        float[] mine = new float[own.channels()];
        float[] other = new float[own.channels()];
        double[] place = new double[3];
        float[] seen = new float[partners.size()];
        List<Warp> warps = partners.stream().map(p -> new Warp(view, p)).toList();
        for (int i = 0; i < rows * columns; i++) {
            own.copyPatch(i / columns, i % columns, mine);
            for (int s = 0; s < STEPS; s++) {
                int n = 0;
                for (int k = 0; k < warps.size(); k++) {
                    StereoView partner = partners.get(k);
                    int w = partner.picture().width();
                    int h = partner.picture().height();
                    if (warps.get(k).map(x(i), y(i), inverse(s), place)
                            && place[0] >= 0
                            && place[1] >= 0
                            && place[0] < w
                            && place[1] < h) {
                        FeatureMap map = theirs.get(k);
                        map.sample(place[0] * map.photoWidth() / w, place[1] * map.photoHeight() / h, other);
                        seen[n++] = 1 - cosine(mine, other);
                    }
                }
                costs[i * STEPS + s] = betterHalf(seen, n);
            }
        }
        return costs;
    }

    private static float betterHalf(float[] costs, int n) {
        if (n == 0) {
            return UNSEEN;
        }
        Arrays.sort(costs, 0, n);
        int half = (n + 1) / 2;
        float sum = 0;
        for (int k = 0; k < half; k++) {
            sum += costs[k];
        }
        return Math.min(UNSEEN, sum / half);
    }

    private static float cosine(float[] a, float[] b) {
        float dot = 0;
        float aa = 0;
        float bb = 0;
        for (int k = 0; k < a.length; k++) {
            dot += a[k] * b[k];
            aa += a[k] * a[k];
            bb += b[k] * b[k];
        }
        return dot / (float) Math.sqrt(Math.max(Float.MIN_NORMAL, (double) aa * bb));
    }

    /** Sums of the cheapest paths to each patch from the four sides. */
    private float[] aggregated(float[] costs) {
        float[] sums = new float[costs.length];
        for (int[] d : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            float[] path = new float[costs.length];
            for (int k = 0; k < rows * columns; k++) {
                int i = d[0] + d[1] > 0 ? k : rows * columns - 1 - k;
                int c = i % columns - d[0];
                int r = i / columns - d[1];
                boolean first = c < 0 || r < 0 || c >= columns || r >= rows;
                extend(costs, path, i, first ? -1 : r * columns + c);
            }
            for (int k = 0; k < sums.length; k++) {
                sums[k] += path[k];
            }
        }
        return sums;
    }

    private static void extend(float[] costs, float[] path, int i, int from) {
        float best = Float.POSITIVE_INFINITY;
        for (int s = 0; s < STEPS && from >= 0; s++) {
            best = Math.min(best, path[from * STEPS + s]);
        }
        for (int s = 0; s < STEPS; s++) {
            float before = 0;
            if (from >= 0) {
                int at = from * STEPS + s;
                before = Math.min(path[at] - best, JUMP_COST);
                before = s > 0 ? Math.min(before, path[at - 1] - best + STEP_COST) : before;
                before = s < STEPS - 1 ? Math.min(before, path[at + 1] - best + STEP_COST) : before;
            }
            path[i * STEPS + s] = costs[i * STEPS + s] + before;
        }
    }

    /** The best depth of each patch, between steps by a parabola; none where the photos do not look alike there. */
    private void chooseBest(float[] costs, float[] sums) {
        for (int i = 0; i < inverse.length; i++) {
            int best = 0;
            for (int s = 1; s < STEPS; s++) {
                best = sums[i * STEPS + s] < sums[i * STEPS + best] ? s : best;
            }
            if (best > 0 && best < STEPS - 1 && costs[i * STEPS + best] < UNSEEN) {
                float before = sums[i * STEPS + best - 1];
                float after = sums[i * STEPS + best + 1];
                float bend = before - 2 * sums[i * STEPS + best] + after;
                inverse[i] = inverse(best + (bend > 0 ? 0.5 * (before - after) / bend : 0));
            }
        }
    }

    /** Between four known patches of like depth by all of them, else the patch's own value. */
    float interpolated(float[] values, double x, double y) {
        float nearest = values[at(x, y)];
        if (columns < 2 || rows < 2) {
            return nearest;
        }
        double u = Math.min(columns - 1.001, Math.max(0, x * columns / width - 0.5));
        double v = Math.min(rows - 1.001, Math.max(0, y * rows / height - 0.5));
        int i = (int) v * columns + (int) u;
        float low =
                Math.min(Math.min(values[i], values[i + 1]), Math.min(values[i + columns], values[i + columns + 1]));
        float high =
                Math.max(Math.max(values[i], values[i + 1]), Math.max(values[i + columns], values[i + columns + 1]));
        if (!(low > 0.8 * high)) {
            return nearest;
        }
        double fu = u - (int) u;
        double fv = v - (int) v;
        double upper = (1 - fu) * values[i] + fu * values[i + 1];
        double lower = (1 - fu) * values[i + columns] + fu * values[i + columns + 1];
        return (float) ((1 - fv) * upper + fv * lower);
    }
}
