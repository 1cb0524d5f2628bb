package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import java.util.Arrays;

/** Pictures of depth maps to look at: near is bright, far is dark, unknown is black. */
public final class DepthPictures {

    private DepthPictures() {}

    /**
     * A picture of a depth map. Colours follow the inverse depth between its 1st and 99th percentile.
     *
     * @param map depth
     * @return a picture of the map's size
     */
    public static Image of(DepthMap map) {
        int n = map.width() * map.height();
        float[] inverse = new float[n];
        float[] known = new float[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            float z = map.depth(i % map.width(), i / map.width());
            if (z > 0) {
                inverse[i] = 1 / z;
                known[count++] = inverse[i];
            }
        }
        Arrays.sort(known, 0, count);
        float low = count == 0 ? 0 : known[count / 100];
        float high = count == 0 ? 1 : known[count - 1 - count / 100];
        byte[] rgb = new byte[3 * n];
        for (int i = 0; i < n; i++) {
            if (inverse[i] > 0) {
                colour(high > low ? (inverse[i] - low) / (high - low) : 0.5, rgb, 3 * i);
            }
        }
        return new Image(map.width(), map.height(), rgb);
    }

    /**
     * A picture of a depth map's confidence: black is none, white is full.
     *
     * @param map depth
     * @return a picture of the map's size
     */
    public static Image ofConfidence(DepthMap map) {
        byte[] rgb = new byte[3 * map.width() * map.height()];
        for (int i = 0; i < rgb.length; i++) {
            int p = i / 3;
            float c = map.confidence(p % map.width(), p / map.width());
            rgb[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, c)));
        }
        return new Image(map.width(), map.height(), rgb);
    }

    /** Green's cubehelix (2011): brightness rises steadily with t while the hue turns from blue over green to rose. */
    private static void colour(double t, byte[] rgb, int at) {
        double v = 0.08 + 0.87 * Math.min(1, Math.max(0, t));
        double angle = 2 * Math.PI * (0.5 / 3 + 1 - 1.3 * v);
        double amplitude = 1.3 * v * (1 - v) / 2;
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        rgb[at] = level(v + amplitude * (-0.14861 * c + 1.78277 * s));
        rgb[at + 1] = level(v + amplitude * (-0.29227 * c - 0.90649 * s));
        rgb[at + 2] = level(v + amplitude * 1.97294 * c);
    }

    private static byte level(double v) {
        return (byte) Math.round(255 * Math.min(1, Math.max(0, v)));
    }
}
