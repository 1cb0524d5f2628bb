package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * An exact scene: a slanted green wall ({@code z = 10 + 0.4 x}) and before it a red board ({@code z = 6}, x and y within 1),
 * seen by cameras side by side that look along z.
 */
final class TwoPlanes {

    static final int WIDTH = 320;
    static final int HEIGHT = 240;
    private static final Camera CAMERA = new Camera(CameraModel.PINHOLE, WIDTH, HEIGHT, 300, 300, 160, 120);
    private static final double STEP = 0.6;

    private TwoPlanes() {}

    static Scene scene(int views, int points, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<double[]> positions = new ArrayList<>();
        List<List<double[]>> keypoints = new ArrayList<>();
        List<List<Integer>> indices = new ArrayList<>();
        for (int v = 0; v < views; v++) {
            keypoints.add(new ArrayList<>());
            indices.add(new ArrayList<>());
        }
        while (positions.size() < points) {
            int from = random.nextInt(views);
            double px = random.nextDouble(WIDTH);
            double py = random.nextDouble(HEIGHT);
            double z = depth(from, px, py);
            double[] p = {(px - 160) / 300 * z + from * STEP, (py - 120) / 300 * z, z};
            List<double[]> seen = new ArrayList<>();
            for (int v = 0; v < views; v++) {
                double x = 300 * (p[0] - v * STEP) / z + 160;
                double y = 300 * p[1] / z + 120;
                if (x >= 0 && x < WIDTH && y >= 0 && y < HEIGHT && Math.abs(depth(v, x, y) - z) < 1e-6) {
                    seen.add(new double[] {v, x, y});
                }
            }
            if (seen.size() >= 2) {
                for (double[] s : seen) {
                    keypoints.get((int) s[0]).add(new double[] {s[1], s[2]});
                    indices.get((int) s[0]).add(positions.size());
                }
                positions.add(p);
            }
        }
        List<View> all = new ArrayList<>();
        for (int v = 0; v < views; v++) {
            Rigid3 pose = new Rigid3(new Quaterniond(), new Vector3d(-v * STEP, 0, 0));
            double[] xy =
                    keypoints.get(v).stream().flatMapToDouble(Arrays::stream).toArray();
            all.add(new View(
                    name(v),
                    0,
                    pose,
                    xy,
                    indices.get(v).stream().mapToInt(i -> i).toArray()));
        }
        double[] xyz = positions.stream().flatMapToDouble(Arrays::stream).toArray();
        return new Scene(List.of(CAMERA), all, new ScenePoints(xyz, new byte[3 * points], new double[points]));
    }

    static String name(int v) {
        return "photo" + v + ".png";
    }

    static int index(String name) {
        return Integer.parseInt(name.substring(5, name.length() - 4));
    }

    static PhotoSource photos() {
        return name -> photo(index(name));
    }

    static Image photo(int v) {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                double z = depth(v, x + 0.5, y + 0.5);
                double worldX = (x + 0.5 - 160) / 300 * z + v * STEP;
                double worldY = (y + 0.5 - 120) / 300 * z;
                int texture = (int) (18 * Math.sin(9 * worldX) * Math.sin(8 * worldY));
                int i = 3 * (y * WIDTH + x);
                rgb[i] = (byte) ((z == 6 ? 190 : 60) + texture);
                rgb[i + 1] = (byte) ((z == 6 ? 50 : 140) + texture);
                rgb[i + 2] = (byte) (60 + texture);
            }
        }
        return new Image(WIDTH, HEIGHT, rgb);
    }

    /** Exact depth at a place of a photo. */
    static double depth(int v, double px, double py) {
        double u = (px - 160) / 300;
        double w = (py - 120) / 300;
        if (Math.abs(6 * u + v * STEP) <= 1 && Math.abs(6 * w) <= 1) {
            return 6;
        }
        return (10 + 0.4 * v * STEP) / (1 - 0.4 * u);
    }
}
