package io.github.dinosplat.matching.keypoint;

import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keypoints of simulated oblique views of a photo (ASIFT, Morel and Yu 2009): the photo is turned and then compressed along one
 * axis, which is how a plane looks when it is seen at a slant. Two photos of one place from very different angles have such
 * keypoints in common where their plain keypoints differ.
 */
public final class SyntheticViews {

    /**
     * An axis is blurred by this times {@code sqrt(tilt^2 - 1)} pixels before it is compressed, against aliasing (Morel and Yu
     * 2009, section 3).
     */
    private static final double ANTI_ALIAS = 0.8;
    /** Degrees between neighbouring views of one tilt, times the tilt (Morel and Yu 2009, section 3). */
    private static final double STEP_DEG = 72;
    /** A keypoint is left out where it lies nearer to the photo's border than this many times its scale: it sees beyond it. */
    private static final double MARGIN = 5;

    private SyntheticViews() {}

    /** A direction to look from: the photo is turned by {@code angle} radians, then its width is divided by {@code tilt}. */
    private record Viewpoint(double tilt, double angle) {}

    /**
     * The keypoints of a photo's views.
     *
     * @param photo the photo
     * @param tilts factors by which the views are compressed; 1 is the photo as it is
     * @param options how keypoints are found; the limit on their number holds for the photo as it is and is divided by the
     *     tilt for each other view
     * @return keypoints in pixels of the photo, all of one view after all of another; the views are worked on by the fork-join
     *     pool that the caller runs in
     */
    public static AffineKeypoints detect(Image photo, double[] tilts, KeypointOptions options) {
        List<Viewpoint> views = viewpoints(tilts);
        Image small = photo.fitted(options.maxLongSide());
        double scale = (double) photo.width() / small.width();
        float[] grey = small.luma();
        AffineKeypoints[] found = new AffineKeypoints[views.size()];
        IntStream.range(0, found.length).parallel().forEach(v -> {
            Viewpoint view = views.get(v);
            KeypointDetector detector =
                    new KeypointDetector(options.withMaxKeypoints((int) (options.maxKeypoints() / view.tilt)));
            found[v] = view.tilt == 1
                    ? AffineKeypoints.unstretched(detector.detect(photo))
                    : seen(small, grey, view, scale, detector);
        });
        return AffineKeypoints.joined(found);
    }

    /** The photo as it is for tilt 1, else half a circle of directions; the other half shows the same turned about. */
    private static List<Viewpoint> viewpoints(double[] tilts) {
        List<Viewpoint> views = new ArrayList<>();
        for (double tilt : tilts) {
            double step = tilt == 1 ? 180 : STEP_DEG / tilt;
            for (double angle = 0; angle < 180 - 1e-9; angle += step) {
                views.add(new Viewpoint(tilt, Math.toRadians(angle)));
            }
        }
        return views;
    }

    private static AffineKeypoints seen(
            Image photo, float[] grey, Viewpoint from, double scale, KeypointDetector detector) {
        Turn turn = Turn.by(from.angle, photo.width(), photo.height());
        Image view = compressed(turn.apply(grey), turn.turnedWidth, turn.turnedHeight, from.tilt);
        return inPhoto(detector.detect(view), turn, (double) turn.turnedWidth / view.width(), scale);
    }

    /** A turn of a photo about its centre, into a frame that holds all of it. */
    private record Turn(double cos, double sin, int width, int height, int turnedWidth, int turnedHeight) {

        static Turn by(double angle, int width, int height) {
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            return new Turn(c, s, width, height, (int) Math.ceil(Math.abs(c) * width + Math.abs(s) * height), (int)
                    Math.ceil(Math.abs(s) * width + Math.abs(c) * height));
        }

        /** What a step (u, v) in the turned photo is along x of the photo. */
        double dx(double u, double v) {
            return cos * u + sin * v;
        }

        double dy(double u, double v) {
            return -sin * u + cos * v;
        }

        /** Where the photo has what the turned one has at (u, v) from its centre. */
        double x(double u, double v) {
            return dx(u, v) + width / 2.0;
        }

        double y(double u, double v) {
            return dy(u, v) + height / 2.0;
        }

        float[] apply(float[] grey) {
            float[] turned = new float[turnedWidth * turnedHeight];
            for (int row = 0; row < turnedHeight; row++) {
                for (int column = 0; column < turnedWidth; column++) {
                    double u = column + 0.5 - turnedWidth / 2.0;
                    double v = row + 0.5 - turnedHeight / 2.0;
                    turned[row * turnedWidth + column] = sample(grey, width, height, x(u, v) - 0.5, y(u, v) - 0.5);
                }
            }
            return turned;
        }
    }

    /**
     * The keypoints of a view that do not see beyond the photo's border, in pixels of the photo.
     *
     * @param perPixel pixels of the turned photo along x for one pixel of the view
     * @param scale pixels of the photo for one pixel of the reduced photo that was turned
     */
    private static AffineKeypoints inPhoto(Keypoints k, Turn turn, double perPixel, double scale) {
        double[] u = new double[k.count()];
        double[] v = new double[k.count()];
        int[] inside = IntStream.range(0, k.count())
                .filter(i -> {
                    u[i] = k.x(i) * perPixel - turn.turnedWidth / 2.0;
                    v[i] = k.y(i) - turn.turnedHeight / 2.0;
                    double x = turn.x(u[i], v[i]);
                    double y = turn.y(u[i], v[i]);
                    double margin = MARGIN * k.scale(i);
                    return !(x < margin || y < margin || x > turn.width - margin || y > turn.height - margin);
                })
                .toArray();
        int n = inside.length;
        float[] x = new float[n];
        float[] y = new float[n];
        float[] size = new float[n];
        float[] orientation = new float[n];
        float[] descriptors = new float[n * Keypoints.DESCRIPTOR_SIZE];
        float[] frames = new float[4 * n];
        for (int j = 0; j < n; j++) {
            int i = inside[j];
            double c = Math.cos(k.orientation(i));
            double s = Math.sin(k.orientation(i));
            double alongX = turn.dx(c * perPixel, s);
            double alongY = turn.dy(c * perPixel, s);
            double side = k.scale(i) * scale;
            frames[4 * j] = (float) (side * alongX);
            frames[4 * j + 1] = (float) (side * turn.dx(-s * perPixel, c));
            frames[4 * j + 2] = (float) (side * alongY);
            frames[4 * j + 3] = (float) (side * turn.dy(-s * perPixel, c));
            x[j] = (float) (turn.x(u[i], v[i]) * scale);
            y[j] = (float) (turn.y(u[i], v[i]) * scale);
            size[j] = (float) (k.scale(i) * Math.sqrt(perPixel) * scale);
            orientation[j] = (float) Math.atan2(alongY, alongX);
            int length = Keypoints.DESCRIPTOR_SIZE;
            System.arraycopy(k.descriptors(), i * length, descriptors, j * length, length);
        }
        return new AffineKeypoints(new Keypoints(x, y, size, orientation, descriptors), frames);
    }

    /** Bilinear interpolation at (x, y), counted in samples from the middle of the first; 0 outside of the picture. */
    private static float sample(float[] grey, int w, int h, double x, double y) {
        if (x <= -1 || y <= -1 || x >= w || y >= h) {
            return 0;
        }
        double cx = Math.max(0, Math.min(w - 1.001, x));
        double cy = Math.max(0, Math.min(h - 1.001, y));
        int ix = Math.min((int) cx, Math.max(0, w - 2));
        int iy = Math.min((int) cy, Math.max(0, h - 2));
        double fx = cx - ix;
        double fy = cy - iy;
        int right = Math.min(ix + 1, w - 1);
        int below = Math.min(iy + 1, h - 1);
        return (float) ((1 - fy) * ((1 - fx) * grey[iy * w + ix] + fx * grey[iy * w + right])
                + fy * ((1 - fx) * grey[below * w + ix] + fx * grey[below * w + right]));
    }

    /** The picture with its width divided by the tilt. */
    private static Image compressed(float[] grey, int w, int h, double tilt) {
        float[] kernel = GaussianBlur.kernel(ANTI_ALIAS * Math.sqrt(tilt * tilt - 1));
        int radius = kernel.length - 1;
        int out = Math.max(1, (int) Math.round(w / tilt));
        double perPixel = (double) w / out;
        byte[] rgb = new byte[3 * out * h];
        float[] row = new float[w];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                float sum = kernel[0] * grey[y * w + x];
                for (int r = 1; r <= radius; r++) {
                    sum += kernel[r] * (grey[y * w + Math.max(0, x - r)] + grey[y * w + Math.min(w - 1, x + r)]);
                }
                row[x] = sum;
            }
            for (int x = 0; x < out; x++) {
                float value = sample(row, w, 1, (x + 0.5) * perPixel - 0.5, 0);
                byte level = (byte) Math.max(0, Math.min(255, Math.round(value)));
                int at = 3 * (y * out + x);
                rgb[at] = level;
                rgb[at + 1] = level;
                rgb[at + 2] = level;
            }
        }
        return new Image(out, h, rgb);
    }
}
