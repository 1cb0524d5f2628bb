package io.github.dinosplat.splat.stereo;

import io.github.dinosplat.scene.DepthMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Guesses for the holes of a depth map near what is known. A strip between two surfaces is what the nearer one hides from
 * other photos, so it belongs to the farther one (Hirschmüller 2008, section 2.6): anything between them would float in the air.
 * Into other holes inverse depths are carried by averages over ever larger squares (push-pull, Gortler et al. 1996). Planes
 * come out nearly as planes, since their inverse depth is linear in the picture. A prior from a single photo was worse here:
 * at the border of fountain-P11's photos it put walls in the way of other cameras, which cost 2 dB in those.
 */
final class HoleFilling {

    /** Holes are filled as far as squares of two to this power in pixels reach. */
    private static final int MOST_LEVEL = 3;

    /** Depths that differ by more than this factor are of two surfaces. */
    private static final double EDGE = 1.2;

    /** A hidden strip is at most this part of the long side wide. */
    private static final double WIDEST = 0.125;

    private HoleFilling() {}

    /** One size of the pyramid: sums of weight times value, and weights. */
    private record Level(int width, int height, float[] values, float[] weights) {}

    static DepthMap fill(DepthMap map) {
        int width = map.width();
        int height = map.height();
        float[] depth = withHiddenStrips(map);
        float[] inverse = new float[width * height];
        float[] known = new float[width * height];
        for (int i = 0; i < inverse.length; i++) {
            if (depth[i] > 0) {
                inverse[i] = 1 / depth[i];
                known[i] = 1;
            }
        }
        float[] filled = pushPull(new Level(width, height, inverse, known));
        float[] confidence = new float[width * height];
        for (int i = 0; i < depth.length; i++) {
            if (depth[i] == 0 && filled[i] > 0) {
                depth[i] = 1 / filled[i];
            }
            boolean found = map.depth(i % width, i / width) > 0;
            confidence[i] = found ? map.confidence(i % width, i / width) : depth[i] > 0 ? DenseDepth.GUESSED : 0;
        }
        return new DepthMap(width, height, depth, confidence);
    }

    /** The map's depths, and those of the farther surface in strips between two surfaces, along rows before columns. */
    private static float[] withHiddenStrips(DepthMap map) {
        int width = map.width();
        int height = map.height();
        float[] depth = new float[width * height];
        for (int i = 0; i < depth.length; i++) {
            depth[i] = map.depth(i % width, i / width);
        }
        float[] filled = depth.clone();
        int widest = (int) (WIDEST * Math.max(width, height));
        for (int y = 0; y < height; y++) {
            fillStrips(depth, filled, y * width, width, 1, widest);
        }
        for (int x = 0; x < width; x++) {
            fillStrips(depth, filled, x, height, width, widest);
        }
        return filled;
    }

    /** Fills the strips of one line of pixels, each a step on from the one before. */
    private static void fillStrips(float[] depth, float[] filled, int from, int length, int step, int widest) {
        int before = from;
        for (int i = from; i < from + length * step; i += step) {
            if (depth[i] > 0) {
                float far = Math.max(depth[before], depth[i]);
                float near = Math.min(depth[before], depth[i]);
                boolean isStrip = near > 0 && far > EDGE * near && i - before <= widest * step;
                for (int j = before + step; isStrip && j < i; j += step) {
                    filled[j] = filled[j] > 0 ? filled[j] : far;
                }
                before = i;
            }
        }
    }

    /** Values everywhere that a square of the coarsest level with known ones reaches, 0 elsewhere. */
    private static float[] pushPull(Level finest) {
        List<Level> levels = new ArrayList<>();
        levels.add(finest);
        while (levels.size() <= MOST_LEVEL) {
            levels.add(halved(levels.get(levels.size() - 1)));
        }
        float[] coarse = levels.get(MOST_LEVEL).values();
        for (int l = MOST_LEVEL - 1; l >= 0; l--) {
            Level level = levels.get(l);
            Level above = levels.get(l + 1);
            float[] values = level.values().clone();
            for (int i = 0; i < values.length; i++) {
                if (level.weights()[i] == 0) {
                    values[i] = interpolated(coarse, above, i % level.width(), i / level.width());
                }
            }
            coarse = values;
        }
        return coarse;
    }

    private static Level halved(Level fine) {
        int width = (fine.width() + 1) / 2;
        int height = (fine.height() + 1) / 2;
        float[] values = new float[width * height];
        float[] weights = new float[width * height];
        for (int i = 0; i < fine.values().length; i++) {
            if (fine.weights()[i] > 0) {
                int to = i / fine.width() / 2 * width + i % fine.width() / 2;
                values[to] += fine.values()[i];
                weights[to]++;
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (weights[i] > 0) {
                values[i] /= weights[i];
            }
        }
        return new Level(width, height, values, weights);
    }

    /** Bilinear between the known ones of the four squares around a pixel of the finer level. */
    private static float interpolated(float[] values, Level level, int x, int y) {
        int x0 = x / 2;
        int y0 = y / 2;
        int x1 = Math.min(level.width() - 1, Math.max(0, x0 + (x % 2 == 0 ? -1 : 1)));
        int y1 = Math.min(level.height() - 1, Math.max(0, y0 + (y % 2 == 0 ? -1 : 1)));
        float sum = 0;
        float weight = 0;
        int[] at = {y0 * level.width() + x0, y0 * level.width() + x1, y1 * level.width() + x0, y1 * level.width() + x1};
        float[] w = {9, 3, 3, 1};
        for (int k = 0; k < 4; k++) {
            if (values[at[k]] > 0) {
                sum += w[k] * values[at[k]];
                weight += w[k];
            }
        }
        return weight > 0 ? sum / weight : 0;
    }
}
