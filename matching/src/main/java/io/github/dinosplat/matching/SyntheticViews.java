package io.github.dinosplat.matching;

import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.Arrays;
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
        int w = photo.width();
        int h = photo.height();
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        int turnedW = (int) Math.ceil(Math.abs(c) * w + Math.abs(s) * h);
        int turnedH = (int) Math.ceil(Math.abs(s) * w + Math.abs(c) * h);
        float[] turned = new float[turnedW * turnedH];
        for (int v = 0; v < turnedH; v++) {
            for (int u = 0; u < turnedW; u++) {
                double du = u + 0.5 - turnedW / 2.0;
                double dv = v + 0.5 - turnedH / 2.0;
                turned[v * turnedW + u] =
                        sample(grey, w, h, c * du + s * dv + w / 2.0 - 0.5, -s * du + c * dv + h / 2.0 - 0.5);
            }
        }
        Image view = shortened(turned, turnedW, turnedH, tilt);
        Keypoints k = detector.detect(view);
        double perPixel = (double) turnedW / view.width();
        int n = k.count();
        float[] x = new float[n];
        float[] y = new float[n];
        float[] size = new float[n];
        float[] orientation = new float[n];
        float[] descriptors = new float[n * Keypoints.DESCRIPTOR_SIZE];
        float[] frames = new float[4 * n];
        int kept = 0;
        for (int i = 0; i < n; i++) {
            double du = k.x(i) * perPixel - turnedW / 2.0;
            double dv = k.y(i) - turnedH / 2.0;
            double px = c * du + s * dv + w / 2.0;
            double py = -s * du + c * dv + h / 2.0;
            double margin = MARGIN * k.scale(i);
            if (px < margin || py < margin || px > w - margin || py > h - margin) {
                continue;
            }
            double size0 = k.scale(i) * scale;
            double ox = Math.cos(k.orientation(i)) * perPixel;
            double oy = Math.sin(k.orientation(i));
            double qx = -Math.sin(k.orientation(i)) * perPixel;
            double qy = Math.cos(k.orientation(i));
            frames[4 * kept] = (float) (size0 * (c * ox + s * oy));
            frames[4 * kept + 1] = (float) (size0 * (c * qx + s * qy));
            frames[4 * kept + 2] = (float) (size0 * (-s * ox + c * oy));
            frames[4 * kept + 3] = (float) (size0 * (-s * qx + c * qy));
            x[kept] = (float) (px * scale);
            y[kept] = (float) (py * scale);
            size[kept] = (float) (k.scale(i) * Math.sqrt(perPixel) * scale);
            orientation[kept] = (float) Math.atan2(-s * ox + c * oy, c * ox + s * oy);
            System.arraycopy(
                    k.descriptors(),
                    i * Keypoints.DESCRIPTOR_SIZE,
                    descriptors,
                    kept * Keypoints.DESCRIPTOR_SIZE,
                    Keypoints.DESCRIPTOR_SIZE);
            kept++;
        }
        Keypoints inPhoto = new Keypoints(
                Arrays.copyOf(x, kept),
                Arrays.copyOf(y, kept),
                Arrays.copyOf(size, kept),
                Arrays.copyOf(orientation, kept),
                Arrays.copyOf(descriptors, kept * Keypoints.DESCRIPTOR_SIZE));
        return new Framed(inPhoto, Arrays.copyOf(frames, 4 * kept));
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
