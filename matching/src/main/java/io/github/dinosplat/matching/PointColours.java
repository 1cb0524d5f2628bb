package io.github.dinosplat.matching;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;

/** Colours points by the mean of the pixels that observe them. */
final class PointColours {

    private PointColours() {}

    /** The scene with colours; photos are read by the fork-join pool that the caller runs in. */
    static Scene colour(Scene scene, PhotoSource pixels) throws IOException {
        int n = scene.points().count();
        int views = scene.views().size();
        int[][] seen = new int[views][];
        try {
            IntStream.range(0, views)
                    .parallel()
                    .forEach(v -> seen[v] = sample(scene.views().get(v), pixels));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        byte[] colours = new byte[3 * n];
        double[] errors = new double[n];
        double[] positions = new double[3 * n];
        for (int p = 0; p < n; p++) {
            int[] sum = new int[3];
            int count = scene.trackLength(p);
            for (int i = 0; i < count; i++) {
                int rgb = seen[scene.trackView(p, i)][scene.trackKeypoint(p, i)];
                sum[0] += rgb >> 16;
                sum[1] += rgb >> 8 & 0xff;
                sum[2] += rgb & 0xff;
            }
            for (int c = 0; c < 3; c++) {
                colours[3 * p + c] = (byte) ((sum[c] + count / 2) / Math.max(1, count));
                positions[3 * p + c] = scene.points().coordinate(p, c);
            }
            errors[p] = scene.points().error(p);
        }
        return new Scene(scene.cameras(), scene.views(), new ScenePoints(positions, colours, errors));
    }

    /** Red, green, blue at every keypoint that observes a point. */
    private static int[] sample(View view, PhotoSource pixels) {
        Image image;
        try {
            image = pixels.read(view.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] rgb = new int[view.keypointCount()];
        for (int k = 0; k < rgb.length; k++) {
            if (view.pointIndex(k) >= 0) {
                int x = (int) Math.max(0, Math.min(image.width() - 1, Math.floor(view.x(k))));
                int y = (int) Math.max(0, Math.min(image.height() - 1, Math.floor(view.y(k))));
                rgb[k] = image.value(x, y, 0) << 16 | image.value(x, y, 1) << 8 | image.value(x, y, 2);
            }
        }
        return rgb;
    }
}
