package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A photo's trend, corrected near the sparse points by local planes that stop at the picture's edges, on a grid of nodes a
 * few pixels apart, and read out between the nodes along the picture's colours. Inverse depths are over the points' median.
 */
final class DepthNodes {

    /** Nodes along the long side. */
    private static final int NODES = 267;

    private static final int NEIGHBOURS = 8;
    /** Cost of a step over plain ground, and what a colour difference of one median step adds. */
    private static final float PLAIN_STEP = 0.5f;

    private static final float EDGE_STEP = 0.5f;
    private static final float MOST_EDGE = 12;
    /** Path cost over which trust in the neighbours' residual fades towards the trend. */
    private static final double REACH = 400;
    /** Relative error that is expected to come on top with each node step away from a point. */
    private static final double ERROR_GROWTH = 0.004;
    /** A point that differs from most of its neighbours by this part is taken for a mismatch. */
    private static final double MISMATCH = 0.2;
    /** Colour difference (0 to 255 a channel) at which a node has lost 0.4 of its say for a pixel. */
    private static final float RANGE = 18;

    private final Image guide;
    private final int width;
    private final int height;
    private final int step;
    private final float[] colour;
    private final float[] inverse;
    private final float[] relativeError;

    /**
     * Fits the nodes.
     *
     * @param points the photo's points, at least 3
     * @param trend what is corrected
     * @param guide the photo at the size of the depth map
     * @param photoWidth width of the photo in pixels
     * @param photoHeight height of the photo in pixels
     */
    DepthNodes(SparseDepth points, Trend trend, Image guide, int photoWidth, int photoHeight) {
        this.guide = guide;
        step = Math.max(1, Math.round((float) Math.max(guide.width(), guide.height()) / NODES));
        width = (guide.width() + step - 1) / step;
        height = (guide.height() + step - 1) / step;
        colour = nodeColours(guide, step, width, height);
        inverse = new float[width * height];
        relativeError = new float[width * height];
        double sx = (double) guide.width() / photoWidth / step;
        double sy = (double) guide.height() / photoHeight / step;
        correct(points, trend, sx, sy);
    }

    private void correct(SparseDepth points, Trend trend, double sx, double sy) {
        double unit = points.medianInverseDepth();
        Seeds seeds = seeds(points, unit, trend, sx, sy);
        float[] right = new float[width * height];
        float[] down = new float[width * height];
        stepCosts(right, down);
        NearestPoints nearest = NearestPoints.find(width, height, right, down, seeds.node, NEIGHBOURS);
        LocalPlane plane = new LocalPlane(nearest, seeds.x, seeds.y, seeds.residual, seeds.weight, REACH);
        double[] error = leaveOneOut(plane, seeds);
        distrustMismatches(seeds, plane, error);
        double low = 0.5 * points.quantile(0.01) / unit;
        double high = 2 * points.quantile(0.99) / unit;
        float[] scratch = new float[1];
        for (int i = 0; i < width * height; i++) {
            double px = i % width + 0.5;
            double py = i / width + 0.5;
            plane.solve(i, px, py, -1);
            double value = trend.at(px / sx, py / sy, scratch) + plane.value;
            inverse[i] = (float) Math.min(Math.max(value, low), high);
            relativeError[i] = expectedError(i, nearest, plane, error);
        }
    }

    /**
     * The points that the field is made of, one for a node at most.
     *
     * @param node where each lies
     * @param x in nodes
     * @param y in nodes
     * @param target its inverse depth over the median
     * @param residual what the trend leaves of it
     * @param weight its say
     */
    private record Seeds(int[] node, double[] x, double[] y, double[] target, double[] residual, double[] weight) {

        int count() {
            return node.length;
        }
    }

    private Seeds seeds(SparseDepth points, double unit, Trend trend, double sx, double sy) {
        float[] scratch = new float[1];
        double[] target = new double[points.count];
        double[] residual = new double[points.count];
        int[] node = new int[points.count];
        for (int i = 0; i < points.count; i++) {
            target[i] = points.inverseDepth[i] / unit;
            residual[i] = target[i] - trend.at(points.x[i], points.y[i], scratch);
            node[i] = Math.min(height - 1, (int) (points.y[i] * sy)) * width
                    + Math.min(width - 1, (int) (points.x[i] * sx));
        }
        int[] chosen = onePerNode(node, residual);
        int n = chosen.length;
        Seeds seeds = new Seeds(new int[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        for (int s = 0; s < n; s++) {
            int i = chosen[s];
            seeds.node[s] = node[i];
            seeds.x[s] = points.x[i] * sx;
            seeds.y[s] = points.y[i] * sy;
            seeds.target[s] = target[i];
            seeds.residual[s] = residual[i];
            seeds.weight[s] = 1 / (points.sigma[i] * points.sigma[i] + 1e-4);
        }
        return seeds;
    }

    /** Relative error at each seed of what its neighbours say about it. */
    private static double[] leaveOneOut(LocalPlane plane, Seeds seeds) {
        double[] error = new double[seeds.count()];
        for (int s = 0; s < error.length; s++) {
            plane.solve(seeds.node[s], seeds.x[s], seeds.y[s], s);
            error[s] = Math.abs(seeds.residual[s] - plane.value) / seeds.target[s];
        }
        return error;
    }

    /** Takes weight from the seeds that their neighbours contradict. */
    private static void distrustMismatches(Seeds seeds, LocalPlane plane, double[] error) {
        double[] sorted = error.clone();
        Arrays.sort(sorted);
        double typical = 1.4826 * sorted[sorted.length / 2] + 1e-4;
        for (int s = 0; s < error.length; s++) {
            seeds.weight[s] *= Math.min(1, Math.pow(3 * typical / Math.max(error[s], 1e-9), 2));
            double fromMost = Math.abs(seeds.residual[s] - plane.median(seeds.node[s], s)) / seeds.target[s];
            // A few mismatches side by side support each other, but not against most of their neighbours.
            if (fromMost > Math.max(MISMATCH, 6 * typical)) {
                seeds.weight[s] *= 1e-3;
            }
        }
    }

    /** The neighbours' errors by their say at a node, and more the farther they are. */
    private static float expectedError(int node, NearestPoints nearest, LocalPlane plane, double[] error) {
        double mean = 0;
        double sum = 0;
        for (int k = 0; k < NEIGHBOURS; k++) {
            int s = nearest.label[node * NEIGHBOURS + k];
            if (s >= 0) {
                double w = plane.used[k];
                sum += w;
                mean += w * Math.min(error[s], 0.5) * Math.min(error[s], 0.5);
            }
        }
        double near = sum > 0 ? mean / sum : 0.25;
        double far = ERROR_GROWTH * nearest.cost[node * NEIGHBOURS];
        return (float) Math.sqrt(near + far * far);
    }

    /** Where several points share a node, the one with the median residual. */
    private int[] onePerNode(int[] node, double[] residual) {
        List<List<Integer>> shared = new ArrayList<>();
        for (int i = 0; i < width * height; i++) {
            shared.add(List.of());
        }
        for (int i = 0; i < node.length; i++) {
            if (shared.get(node[i]).isEmpty()) {
                shared.set(node[i], new ArrayList<>(4));
            }
            shared.get(node[i]).add(i);
        }
        return shared.stream()
                .filter(c -> !c.isEmpty())
                .mapToInt(c -> {
                    c.sort(Comparator.comparingDouble(i -> residual[i]));
                    return c.get(c.size() / 2);
                })
                .toArray();
    }

    private void stepCosts(float[] right, float[] down) {
        float[] all = new float[2 * width * height];
        int n = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (x + 1 < width) {
                    right[i] = difference(3 * i, 3 * (i + 1));
                    all[n++] = right[i];
                }
                if (y + 1 < height) {
                    down[i] = difference(3 * i, 3 * (i + width));
                    all[n++] = down[i];
                }
            }
        }
        Arrays.sort(all, 0, n);
        // In units of the photo's own texture, so that rough stone is no wall of edges.
        float texture = Math.max(2, n == 0 ? 0 : all[n / 2]);
        for (int i = 0; i < right.length; i++) {
            right[i] = PLAIN_STEP + EDGE_STEP * Math.min(right[i] / texture, MOST_EDGE);
            down[i] = PLAIN_STEP + EDGE_STEP * Math.min(down[i] / texture, MOST_EDGE);
        }
    }

    private float difference(int a, int b) {
        float sum = 0;
        for (int c = 0; c < 3; c++) {
            float d = colour[a + c] - colour[b + c];
            sum += d * d;
        }
        return (float) Math.sqrt(sum);
    }

    private static float[] nodeColours(Image guide, int step, int width, int height) {
        float[] colour = new float[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int n = 0;
                int at = 3 * (y * width + x);
                for (int v = y * step; v < Math.min(guide.height(), (y + 1) * step); v++) {
                    for (int u = x * step; u < Math.min(guide.width(), (x + 1) * step); u++) {
                        for (int c = 0; c < 3; c++) {
                            colour[at + c] += guide.value(u, v, c);
                        }
                        n++;
                    }
                }
                for (int c = 0; c < 3; c++) {
                    colour[at + c] /= n;
                }
            }
        }
        return colour;
    }

    /**
     * Between the nodes, at a pixel of the guide (joint bilateral upsampling, Kopf et al. 2007).
     *
     * @param result receives the inverse depth over the points' median and the expected relative error
     */
    void read(int px, int py, double[] result) {
        double gx = (px + 0.5) / step - 0.5;
        double gy = (py + 0.5) / step - 0.5;
        int cx = (int) Math.round(gx);
        int cy = (int) Math.round(gy);
        double sum = 0;
        double value = 0;
        double error = 0;
        int r = guide.value(px, py, 0);
        int g = guide.value(px, py, 1);
        int b = guide.value(px, py, 2);
        for (int y = Math.max(0, cy - 2); y <= Math.min(height - 1, cy + 2); y++) {
            for (int x = Math.max(0, cx - 2); x <= Math.min(width - 1, cx + 2); x++) {
                int i = y * width + x;
                double d2 = (x - gx) * (x - gx) + (y - gy) * (y - gy);
                float dr = colour[3 * i] - r;
                float dg = colour[3 * i + 1] - g;
                float db = colour[3 * i + 2] - b;
                double c2 = (dr * dr + dg * dg + db * db) / (3 * RANGE * RANGE);
                double w = Math.exp(-d2 / 0.8) * (Math.exp(-c2 / 2) + 1e-3);
                sum += w;
                value += w * inverse[i];
                error += w * relativeError[i];
            }
        }
        result[0] = value / sum;
        result[1] = error / sum;
    }
}
