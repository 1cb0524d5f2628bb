package io.github.dinosplat.scene.synthetic;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Parallel;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.joml.Vector2d;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * A set of cameras in a synthetic world: photos, depths and tracks with their exact truth.
 *
 * @param world the world
 * @param cameras scene with the cameras and poses, without points
 */
public record SyntheticSurvey(SyntheticWorld world, Scene cameras) {

    /**
     * The demo: fourteen photos of 640x480 around the open side of a {@linkplain SyntheticWorld#courtyard courtyard}, from
     * two heights, with a pinhole camera of 600 px focal length.
     *
     * @param seed what makes worlds differ
     * @return the survey
     */
    public static SyntheticSurvey demo(long seed) {
        List<Rigid3> poses = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 14; i++) {
            double angle = StrictMath.toRadians(-36 + 72.0 * i / 13);
            double radius = 6.4 + random.nextDouble(-0.3, 0.3);
            double height = (i % 2 == 0 ? 1.5 : 2.3) + random.nextDouble(-0.15, 0.15);
            Vector3d eye = new Vector3d(radius * StrictMath.sin(angle), 1.4 - radius * StrictMath.cos(angle), height);
            Vector3d target = new Vector3d(
                    random.nextDouble(-0.3, 0.3),
                    1.6 + random.nextDouble(-0.3, 0.3),
                    1.2 + random.nextDouble(-0.15, 0.15));
            poses.add(lookAt(eye, target, random.nextDouble(-0.05, 0.05)));
        }
        Camera camera = new Camera(CameraModel.PINHOLE, 640, 480, 600, 600, 320, 240);
        return new SyntheticSurvey(SyntheticWorld.courtyard(seed), scene(camera, poses));
    }

    /**
     * A flight: photos of 640x480 looking down on a {@linkplain SyntheticWorld#terrain terrain} from 70 metres, in rows
     * that overlap by about 70 %, with a pinhole camera of 560 px focal length.
     *
     * @param seed what makes worlds differ
     * @param rows rows of the flight, 1 to 5
     * @param columns photos of a row, 1 to 5
     * @return the survey
     */
    public static SyntheticSurvey flight(long seed, int rows, int columns) {
        if (rows < 1 || rows > 5 || columns < 1 || columns > 5) {
            throw new IllegalArgumentException("rows and columns must be 1 to 5 but were " + rows + ", " + columns);
        }
        List<Rigid3> poses = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int j = 0; j < rows; j++) {
            for (int i = 0; i < columns; i++) {
                // To and fro, as drones fly.
                int column = j % 2 == 0 ? i : columns - 1 - i;
                double x = 20 * (column - (columns - 1) / 2.0) + random.nextDouble(-1, 1);
                double y = 18 * (j - (rows - 1) / 2.0) + random.nextDouble(-1, 1);
                Vector3d eye = new Vector3d(x, y, 70 + random.nextDouble(-2, 2));
                Vector3d target = new Vector3d(x + random.nextDouble(-4, 4), y + random.nextDouble(-4, 4), 0);
                poses.add(lookAt(eye, target, (j % 2 == 0 ? 0 : Math.PI) + random.nextDouble(-0.1, 0.1)));
            }
        }
        Camera camera = new Camera(CameraModel.PINHOLE, 640, 480, 560, 560, 320, 240);
        return new SyntheticSurvey(SyntheticWorld.terrain(seed), scene(camera, poses));
    }

    /**
     * A pose at one place that looks at another.
     *
     * @param eye camera centre in the world
     * @param target what is in the middle of the picture
     * @param roll turn about the viewing axis in radians; at 0, world z is up in the picture (world y for a camera that
     *     looks straight down)
     * @return {@code camFromWorld}
     */
    public static Rigid3 lookAt(Vector3dc eye, Vector3dc target, double roll) {
        Vector3d forward = target.sub(eye, new Vector3d()).normalize();
        // Near the vertical the horizon says nothing any more.
        Vector3d up = Math.abs(forward.z) > 0.95 ? new Vector3d(0, 1, 0) : new Vector3d(0, 0, 1);
        Vector3d right = forward.cross(up, new Vector3d()).normalize();
        Vector3d down = forward.cross(right, new Vector3d());
        double cos = StrictMath.cos(roll);
        double sin = StrictMath.sin(roll);
        Vector3d x = right.mul(cos, new Vector3d()).fma(sin, down);
        Vector3d y = down.mul(cos, new Vector3d()).fma(-sin, right);
        double[] rotation = {x.x, x.y, x.z, y.x, y.y, y.z, forward.x, forward.y, forward.z};
        Rigid3 turn = Rigid3.of(rotation, new Vector3d());
        return new Rigid3(turn.rotation(), turn.transform(eye).negate());
    }

    private static Scene scene(Camera camera, List<Rigid3> poses) {
        List<View> views = new ArrayList<>();
        for (int i = 0; i < poses.size(); i++) {
            String name = String.format(Locale.ROOT, "photo-%02d.png", i);
            views.add(new View(name, 0, poses.get(i), new double[0], new int[0]));
        }
        return new Scene(List.of(camera), views, ScenePoints.NONE);
    }

    /**
     * Takes a photo of the set.
     *
     * @param name name of one of the views
     * @return the photo
     * @throws IllegalArgumentException if there is no such view
     */
    public Image photo(String name) {
        View view = view(name);
        return world.render(cameras.cameraOf(view), view.camFromWorld());
    }

    /**
     * The exact depth of a photo of the set.
     *
     * @param name name of one of the views
     * @return depth in metres
     * @throws IllegalArgumentException if there is no such view
     */
    public DepthMap depth(String name) {
        View view = view(name);
        return world.depth(cameras.cameraOf(view), view.camFromWorld());
    }

    /**
     * The photos as a source; each read takes the photo anew.
     *
     * @return source
     */
    public PhotoSource photos() {
        return name -> {
            if (cameras.view(name).isEmpty()) {
                throw new IOException(name + ": is not a photo of this synthetic survey");
            }
            return photo(name);
        };
    }

    /**
     * Takes all photos and writes them as PNG files under their names.
     *
     * @param folder folder; made where missing
     * @param threads how many photos are taken at a time; does not change the result
     * @throws IOException if a file can't be written
     */
    public void writePhotos(Path folder, int threads) throws IOException {
        List<View> views = cameras.views();
        Parallel.forEach("photos", views.size(), threads, Progress.NONE, i -> {
            String name = views.get(i).name();
            ImageFiles.writePng(photo(name), folder.resolve(name));
        });
    }

    /**
     * The scene with points on the surfaces and what the photos see of them. Points that fewer than two photos see are left
     * out.
     *
     * @param count number of points to try
     * @param noisePx standard deviation of the keypoints' error in pixels, in x and in y
     * @param seed of the points and of the noise
     * @return exact cameras and points with noisy keypoints; each point's stored error is its mean reprojection error
     */
    public Scene withTracks(int count, double noisePx, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int n = cameras.views().size();
        List<List<Vector2d>> seen = new ArrayList<>();
        List<List<Integer>> indices = new ArrayList<>();
        for (int v = 0; v < n; v++) {
            seen.add(new ArrayList<>());
            indices.add(new ArrayList<>());
        }
        List<Vector3d> points = new ArrayList<>();
        List<Double> errors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Optional<Vector3d> point = randomPoint(random);
            if (point.isEmpty()) {
                continue;
            }
            List<Integer> by = new ArrayList<>();
            List<Vector2d> at = new ArrayList<>();
            double error = 0;
            for (int v = 0; v < n; v++) {
                View view = cameras.views().get(v);
                Optional<Vector2d> pixel = world.see(cameras.cameraOf(view), view.camFromWorld(), point.orElseThrow());
                if (pixel.isPresent()) {
                    double dx = noisePx * random.nextGaussian();
                    double dy = noisePx * random.nextGaussian();
                    by.add(v);
                    at.add(pixel.orElseThrow().add(dx, dy));
                    error += Math.hypot(dx, dy);
                }
            }
            if (by.size() >= 2) {
                for (int k = 0; k < by.size(); k++) {
                    seen.get(by.get(k)).add(at.get(k));
                    indices.get(by.get(k)).add(points.size());
                }
                points.add(point.orElseThrow());
                errors.add(error / by.size());
            }
        }
        return assemble(points, errors, seen, indices);
    }

    /** A point on a surface, under a random pixel of a random photo. */
    private Optional<Vector3d> randomPoint(SplittableRandom random) {
        View view = cameras.views().get(random.nextInt(cameras.views().size()));
        Camera camera = cameras.cameraOf(view);
        Vector3d inCam = camera.direction(random.nextDouble() * camera.width(), random.nextDouble() * camera.height());
        Vector3d direction = view.camFromWorld().rotation().transformInverse(inCam);
        Vector3d centre = view.camFromWorld().targetOriginInSource();
        var distance = world.distance(centre, direction);
        return distance.isPresent()
                ? Optional.of(direction.mul(distance.getAsDouble()).add(centre))
                : Optional.empty();
    }

    private Scene assemble(
            List<Vector3d> points, List<Double> errors, List<List<Vector2d>> seen, List<List<Integer>> indices) {
        List<View> views = new ArrayList<>();
        byte[] colours = new byte[3 * points.size()];
        for (int v = 0; v < seen.size(); v++) {
            View view = cameras.views().get(v);
            double[] keypoints = seen.get(v).stream()
                    .flatMapToDouble(p -> DoubleStream.of(p.x, p.y))
                    .toArray();
            int[] pointIndices = indices.get(v).stream().mapToInt(i -> i).toArray();
            views.add(new View(view.name(), view.cameraIndex(), view.camFromWorld(), keypoints, pointIndices));
            paint(view, points, pointIndices, colours);
        }
        double[] positions = points.stream()
                .flatMapToDouble(p -> DoubleStream.of(p.x, p.y, p.z))
                .toArray();
        return new Scene(
                cameras.cameras(),
                views,
                new ScenePoints(
                        positions, colours, errors.stream().mapToDouble(e -> e).toArray()));
    }

    /** Colours points as the last photo that sees them does. */
    private void paint(View view, List<Vector3d> points, int[] indices, byte[] colours) {
        Shutter shutter = new Shutter(world, cameras.cameraOf(view), view.camFromWorld());
        for (int p : indices) {
            shutter.colour(points.get(p), colours, 3 * p);
        }
    }

    private View view(String name) {
        return cameras.view(name)
                .orElseThrow(() -> new IllegalArgumentException("the survey has no photo named " + name));
    }
}
