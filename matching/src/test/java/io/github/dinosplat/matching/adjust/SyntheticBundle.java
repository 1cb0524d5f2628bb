package io.github.dinosplat.matching.adjust;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** Cameras on an arc around a cloud of points, with exact pixels, noise and disturbed starting values. */
final class SyntheticBundle {

    final Camera camera;
    final List<Rigid3> poses = new ArrayList<>();
    final double[] points;
    final int[] observationView;
    final int[] observationPoint;
    final double[] pixels;

    SyntheticBundle(Camera camera, int views, int pointCount, int viewsPerPoint, double noise, long seed) {
        this.camera = camera;
        SplittableRandom random = new SplittableRandom(seed);
        for (int v = 0; v < views; v++) {
            double angle = views == 1 ? 0 : -0.6 + 1.2 * v / (views - 1);
            Quaterniond rotation = new Quaterniond().rotateY(angle).rotateX(0.1 * Math.sin(3 * angle));
            Vector3d centre = new Vector3d(6 * Math.sin(angle), 0.3 * Math.cos(5 * angle), 6 - 6 * Math.cos(angle));
            poses.add(new Rigid3(
                    rotation, rotation.transform(centre, new Vector3d()).negate()));
        }
        points = new double[3 * pointCount];
        List<int[]> links = new ArrayList<>();
        List<double[]> seen = new ArrayList<>();
        double[] pixel = new double[2];
        for (int p = 0; p < pointCount; p++) {
            points[3 * p] = random.nextDouble(-1.5, 1.5);
            points[3 * p + 1] = random.nextDouble(-1, 1);
            points[3 * p + 2] = 6 + random.nextDouble(-1.5, 1.5);
            int first = random.nextInt(Math.max(1, views - viewsPerPoint + 1));
            for (int v = first; v < Math.min(views, first + viewsPerPoint); v++) {
                Vector3d x = poses.get(v).transform(new Vector3d(points[3 * p], points[3 * p + 1], points[3 * p + 2]));
                camera.project(x.x, x.y, x.z, pixel, null, null);
                links.add(new int[] {v, p});
                seen.add(new double[] {pixel[0] + noise * gaussian(random), pixel[1] + noise * gaussian(random)});
            }
        }
        observationView = links.stream().mapToInt(l -> l[0]).toArray();
        observationPoint = links.stream().mapToInt(l -> l[1]).toArray();
        pixels = seen.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    static Camera brown() {
        return new Camera(CameraModel.OPENCV, 1000, 750, 900, 905, 500, 375, -0.05, 0.02, 1e-3, -5e-4);
    }

    static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** The problem with poses after the first two and points moved by about the given amount. */
    BundleProblem disturbed(Camera start, double amount, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Rigid3> moved = new ArrayList<>();
        for (int v = 0; v < poses.size(); v++) {
            double a = v < 2 ? 0 : amount;
            Quaterniond turn =
                    new Quaterniond().rotateXYZ(a * gaussian(random), a * gaussian(random), a * gaussian(random));
            Vector3d shift = new Vector3d(a * gaussian(random), a * gaussian(random), a * gaussian(random));
            moved.add(new Rigid3(turn, shift).compose(poses.get(v)));
        }
        double[] movedPoints = points.clone();
        for (int i = 0; i < movedPoints.length; i++) {
            movedPoints[i] += amount * gaussian(random);
        }
        return new BundleProblem(
                List.of(start), moved, new int[poses.size()], movedPoints, observationView, observationPoint, pixels);
    }
}
