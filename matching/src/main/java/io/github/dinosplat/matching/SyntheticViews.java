package io.github.dinosplat.matching;

import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keypoints of a photo as it would look from aside: it is turned and shortened along one direction, as a plane is that is seen
 * at an angle (ASIFT, Morel and Yu 2009). What a photo from far aside shows is then found with plain keypoints.
 */
final class SyntheticViews {

    /** Blur of a shortened axis for each unit of shortening (Morel and Yu 2009, section 3). */
    private static final double ANTI_ALIAS = 0.8;
    /** Angle between views of one tilt, times the tilt (Morel and Yu 2009, section 3). */
    private static final double STEP_DEG = 72;
    /** Keypoints nearer to the photo's border than so many of their scales see what lies beyond it. */
    private static final double MARGIN = 5;

    private SyntheticViews() {}

    /**
     * Keypoints with their affine frames.
     *
     * @param keypoints in pixels of the photo
     * @param frames [n, 2, 2] what takes the unit square of a keypoint's own frame to pixels of the photo
     */
    record Framed(Keypoints keypoints, float[] frames) {}

    /**
     * The keypoints of a photo's views.
     *
     * @param photo the photo
     * @param tilts factors by which the views are shortened; 1 is the photo as it is
     * @param options how keypoints are found; the limit on their number holds for the photo as it is and is divided by the
     *     tilt for each other view
     * @return keypoints in pixels of the photo
     */
    static Framed detect(Image photo, double[] tilts, KeypointOptions options) {
        List<double[]> views = new ArrayList<>();
        for (double tilt : tilts) {
            double step = tilt == 1 ? 180 : STEP_DEG / tilt;
            for (double angle = 0; angle < 180 - 1e-9; angle += step) {
                views.add(new double[] {tilt, Math.toRadians(angle)});
            }
        }
        Image small = photo.fitted(options.maxLongSide());
        double scale = (double) photo.width() / small.width();
        float[] grey = small.luma();
        Framed[] found = new Framed[views.size()];
        IntStream.range(0, found.length).parallel().forEach(v -> {
            double tilt = views.get(v)[0];
            KeypointDetector detector =
                    new KeypointDetector(options.withMaxKeypoints((int) (options.maxKeypoints() / tilt)));
            found[v] = tilt == 1
                    ? straight(detector.detect(photo))
                    : seen(small, grey, tilt, views.get(v)[1], scale, detector);
        });
        return joined(found);
    }

    private static Framed straight(Keypoints k) {
        float[] frames = new float[4 * k.count()];
        for (int i = 0; i < k.count(); i++) {
            float along = (float) (k.scale(i) * Math.cos(k.orientation(i)));
            float across = (float) (k.scale(i) * Math.sin(k.orientation(i)));
            frames[4 * i] = along;
            frames[4 * i + 1] = -across;
            frames[4 * i + 2] = across;
            frames[4 * i + 3] = along;
        }
        return new Framed(k, frames);
    }

    private static Framed seen(
            Image photo, float[] grey, double tilt, double angle, double scale, KeypointDetector detector) {
        Turn turn = Turn.by(angle, photo.width(), photo.height());
        Image view = shortened(turn.apply(grey), turn.turnedWidth, turn.turnedHeight, tilt);
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

    /** The keypoints of a view that do not see beyond the photo's border, in pixels of the photo. */
    private static Framed inPhoto(Keypoints k, Turn turn, double perPixel, double scale) {
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
        return new Framed(new Keypoints(x, y, size, orientation, descriptors), frames);
    }

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

    /** The picture, shorter in x by a factor. */
    private static Image shortened(float[] grey, int w, int h, double tilt) {
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

    private static Framed joined(Framed[] parts) {
        int n = 0;
        for (Framed part : parts) {
            n += part.keypoints.count();
        }
        float[] x = new float[n];
        float[] y = new float[n];
        float[] scale = new float[n];
        float[] orientation = new float[n];
        float[] descriptors = new float[n * Keypoints.DESCRIPTOR_SIZE];
        float[] frames = new float[4 * n];
        int at = 0;
        for (Framed part : parts) {
            Keypoints k = part.keypoints;
            int size = Keypoints.DESCRIPTOR_SIZE;
            System.arraycopy(k.descriptors(), 0, descriptors, at * size, k.count() * size);
            System.arraycopy(part.frames, 0, frames, 4 * at, 4 * k.count());
            for (int i = 0; i < k.count(); i++) {
                x[at] = (float) k.x(i);
                y[at] = (float) k.y(i);
                scale[at] = (float) k.scale(i);
                orientation[at++] = (float) k.orientation(i);
            }
        }
        return new Framed(new Keypoints(x, y, scale, orientation, descriptors), frames);
    }
}
