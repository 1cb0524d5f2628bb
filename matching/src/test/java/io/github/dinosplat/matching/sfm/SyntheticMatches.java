package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.matching.robust.RobustEssential;
import io.github.dinosplat.matching.twoview.MatchedPair;
import io.github.dinosplat.matching.twoview.PhotoPair;
import io.github.dinosplat.matching.twoview.TwoViewGeometry;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/** Keypoints and matches of cameras on an arc that look at a cloud of points, with noise and wrong matches. */
final class SyntheticMatches {

    final Camera camera;
    final List<Rigid3> poses = new ArrayList<>();
    final List<String> names = new ArrayList<>();
    private final List<Keypoints> keypoints = new ArrayList<>();
    final List<MatchedPair> pairs = new ArrayList<>();
    private final List<int[]> pointOfKeypoint = new ArrayList<>();
    private final SplittableRandom random;
    private final double noise;

    SyntheticMatches(Camera camera, double noise, long seed) {
        this.camera = camera;
        this.noise = noise;
        random = new SplittableRandom(seed);
    }

    /** Adds photos on an arc around their own cloud, matched with those up to {@code reach} away. */
    SyntheticMatches arc(int photos, int points, int reach, double wrong) {
        double[] cloud = new double[3 * points];
        for (int p = 0; p < points; p++) {
            cloud[3 * p] = random.nextDouble(-2, 2);
            cloud[3 * p + 1] = random.nextDouble(-1.3, 1.3);
            cloud[3 * p + 2] = 6 + random.nextDouble(-1.5, 1.5);
        }
        int first = names.size();
        for (int v = 0; v < photos; v++) {
            double angle = 0.15 * (v - photos / 2.0);
            Quaterniond rotation = new Quaterniond()
                    .rotateZ(0.05 * Math.sin(2.0 * v))
                    .rotateX(0.1 * Math.sin(v))
                    .rotateY(angle);
            Vector3d centre = new Vector3d(6 * Math.sin(angle), 0.4 * Math.cos(1.7 * v), 6 - 6 * Math.cos(angle));
            add(new Rigid3(rotation, rotation.transform(centre, new Vector3d()).negate()), cloud);
        }
        for (int a = first; a < names.size(); a++) {
            for (int b = a + 1; b < Math.min(names.size(), a + reach + 1); b++) {
                match(a, b, wrong);
            }
        }
        return this;
    }

    private void add(Rigid3 pose, double[] cloud) {
        int n = cloud.length / 3;
        float[] x = new float[n];
        float[] y = new float[n];
        int[] point = new int[n];
        int count = 0;
        double[] pixel = new double[2];
        for (int p = 0; p < n; p++) {
            Vector3d c = pose.transform(new Vector3d(cloud[3 * p], cloud[3 * p + 1], cloud[3 * p + 2]));
            camera.project(c.x, c.y, c.z, pixel, null, null);
            // Not every photo has a keypoint at every point.
            if (c.z > 0
                    && pixel[0] > 0
                    && pixel[1] > 0
                    && pixel[0] < camera.width()
                    && pixel[1] < camera.height()
                    && random.nextDouble() < 0.8) {
                x[count] = (float) (pixel[0] + noise * gaussian());
                y[count] = (float) (pixel[1] + noise * gaussian());
                point[count++] = p;
            }
        }
        float[] scale = new float[count];
        Arrays.fill(scale, 2);
        poses.add(pose);
        names.add(String.format(Locale.ROOT, "%03d.jpg", names.size()));
        keypoints.add(new Keypoints(
                Arrays.copyOf(x, count), Arrays.copyOf(y, count), scale, new float[count], new float[128 * count]));
        pointOfKeypoint.add(Arrays.copyOf(point, count));
    }

    private void match(int a, int b, double wrong) {
        int[] pa = pointOfKeypoint.get(a);
        int[] pb = pointOfKeypoint.get(b);
        List<int[]> matches = new ArrayList<>();
        for (int i = 0; i < pa.length; i++) {
            int j = Arrays.binarySearch(pb, pa[i]);
            if (j >= 0) {
                matches.add(new int[] {i, random.nextDouble() < wrong ? random.nextInt(pb.length) : j});
            }
        }
        addPair(a, b, matches);
    }

    private void addPair(int a, int b, List<int[]> matches) {
        int n = matches.size();
        Rigid3 bFromA = poses.get(b).compose(poses.get(a).inverse());
        pairs.add(new MatchedPair(
                new PhotoPair(a, b),
                matches.stream().mapToInt(m -> m[0]).toArray(),
                matches.stream().mapToInt(m -> m[1]).toArray(),
                new TwoViewGeometry(
                        TwoViewGeometry.Kind.UNCALIBRATED,
                        RobustEssential.fundamentalOf(camera, camera, bFromA),
                        Optional.empty(),
                        Optional.empty(),
                        n,
                        0,
                        n / 4,
                        Double.NaN)));
    }

    /** Keeps only so many matches between a photo and all others. */
    SyntheticMatches thin(int photo, int matches) {
        for (int i = 0; i < pairs.size(); i++) {
            MatchedPair pair = pairs.get(i);
            if (pair.photoA() == photo || pair.photoB() == photo) {
                int n = Math.min(matches, pair.count());
                pairs.set(
                        i,
                        new MatchedPair(
                                pair.photos(),
                                IntStream.range(0, n).map(pair::keypointA).toArray(),
                                IntStream.range(0, n).map(pair::keypointB).toArray(),
                                pair.geometry()));
            }
        }
        return this;
    }

    /** Where in a photo. */
    interface Place {
        boolean contains(double x, double y);
    }

    /** Takes away the matches of a photo where it shows some place. */
    SyntheticMatches withoutMatches(int photo, Place place) {
        for (int i = 0; i < pairs.size(); i++) {
            MatchedPair pair = pairs.get(i);
            if (pair.photoA() == photo || pair.photoB() == photo) {
                Keypoints k = keypoints.get(photo);
                int[] kept = IntStream.range(0, pair.count())
                        .filter(m -> {
                            int own = pair.photoA() == photo ? pair.keypointA(m) : pair.keypointB(m);
                            return !place.contains(k.x(own), k.y(own));
                        })
                        .toArray();
                pairs.set(
                        i,
                        new MatchedPair(
                                pair.photos(),
                                Arrays.stream(kept).map(pair::keypointA).toArray(),
                                Arrays.stream(kept).map(pair::keypointB).toArray(),
                                pair.geometry()));
            }
        }
        return this;
    }

    MappingInput input(MappingCamera start) {
        return new MappingInput(names, List.of(start), Collections.nCopies(names.size(), 0), keypoints, pairs);
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
