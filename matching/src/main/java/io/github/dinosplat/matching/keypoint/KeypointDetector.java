package io.github.dinosplat.matching.keypoint;

import io.github.dinosplat.scene.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * SIFT keypoints with RootSIFT descriptors (Lowe 2004; Arandjelovic and Zisserman 2012), on a scale space that starts at
 * twice the photo's resolution. One thread for each photo; may be used by several threads at once.
 *
 * <p>Why not BoofCV's SIFT: on fountain-P11 with up to 8192 keypoints its matches lie 0.17 pixels (median) from the true
 * epipolar lines, ours 0.10, and the relative poses of all pairs reach an AUC of 0.72 at one degree, ours 0.89. It takes
 * 0.6 CPU seconds a photo, ours 0.9; started at twice the resolution, as ours, it takes 1.3 and hardly matches at all.
 */
public final class KeypointDetector implements KeypointSource {

    /** Smoothing that a photo is taken to have, in its own pixels. */
    private static final double PHOTO_SIGMA = 0.5;

    private static final int SMALLEST_SIDE = 16;
    private static final int MAX_ORIENTATIONS = 2;

    private final KeypointOptions options;

    /**
     * A detector.
     *
     * @param options how keypoints are found
     */
    public KeypointDetector(KeypointOptions options) {
        this.options = options;
    }

    /**
     * Finds keypoints. Needs about 170 bytes of memory for each pixel of the reduced photo.
     *
     * @param photo the photo
     * @return keypoints in pixels of this photo, strongest first; none for a blank photo
     */
    @Override
    public Keypoints detect(Image photo) {
        Image reduced = photo.fitted(options.maxLongSide());
        List<Octave.Extremum> extrema = new ArrayList<>();
        Octave octave = firstOctave(reduced);
        while (true) {
            octave.detect(options, extrema);
            if (Math.min(octave.width, octave.height) / 2 < SMALLEST_SIDE) {
                octave.trim();
                break;
            }
            float[] base = octave.nextBase();
            octave.trim();
            octave = new Octave(base, octave.width / 2, octave.height / 2, 2 * octave.step);
        }
        List<Octave.Extremum> chosen = strongest(extrema);
        return describe(chosen, (double) photo.width() / reduced.width(), (double) photo.height() / reduced.height());
    }

    @Override
    public String name() {
        return "SIFT";
    }

    @Override
    public String key() {
        return options.toString();
    }

    private static Octave firstOctave(Image image) {
        float[] grey = image.luma();
        int w = image.width();
        int h = image.height();
        float[] twice = new float[4 * w * h];
        float scale = 1 / 255f;
        for (int y = 0; y < h; y++) {
            int below = Math.min(y + 1, h - 1) * w;
            int here = y * w;
            int top = 4 * y * w;
            for (int x = 0; x < w; x++) {
                int right = Math.min(x + 1, w - 1);
                float a = grey[here + x] * scale;
                float b = grey[here + right] * scale;
                float c = grey[below + x] * scale;
                float d = grey[below + right] * scale;
                twice[top + 2 * x] = a;
                twice[top + 2 * x + 1] = 0.5f * (a + b);
                twice[top + 2 * w + 2 * x] = 0.5f * (a + c);
                twice[top + 2 * w + 2 * x + 1] = 0.25f * (a + b + c + d);
            }
        }
        float[] base = new float[twice.length];
        double present = 2 * PHOTO_SIGMA;
        GaussianBlur.blur(
                twice, 2 * w, 2 * h, Math.sqrt(Octave.BASE_SIGMA * Octave.BASE_SIGMA - present * present), base);
        return new Octave(base, 2 * w, 2 * h, 0.5);
    }

    private List<Octave.Extremum> strongest(List<Octave.Extremum> extrema) {
        List<Octave.Extremum> sorted = new ArrayList<>(extrema);
        // A total order, so that equal contrasts cannot be sorted one way or the other.
        sorted.sort(Comparator.comparingDouble((Octave.Extremum e) -> -strength(e))
                .thenComparingDouble(e -> e.y() * e.octave().step)
                .thenComparingDouble(e -> e.x() * e.octave().step)
                .thenComparingDouble(Octave.Extremum::level));
        return sorted.subList(0, Math.min(sorted.size(), options.maxKeypoints()));
    }

    /**
     * Contrast, with a preference for large keypoints: they are found again from farther away, small ones are placed more
     * exactly. On fountain-P11 the root of the scale gave 5 % more matches than contrast alone at 0.01 px less exactness;
     * the scale itself gave no better poses.
     */
    private static double strength(Octave.Extremum e) {
        return e.contrast() * Math.sqrt(e.sigmaInSamples() * e.octave().step);
    }

    private Keypoints describe(List<Octave.Extremum> chosen, double scaleX, double scaleY) {
        int most = Math.min(options.maxKeypoints(), MAX_ORIENTATIONS * chosen.size());
        float[] x = new float[most];
        float[] y = new float[most];
        float[] scale = new float[most];
        float[] orientation = new float[most];
        float[] descriptors = new float[Keypoints.DESCRIPTOR_SIZE * most];
        SiftDescriptor sift = new SiftDescriptor();
        double[] angles = new double[MAX_ORIENTATIONS];
        int n = 0;
        for (Octave.Extremum e : chosen) {
            int count = sift.orientations(e, MAX_ORIENTATIONS, angles);
            for (int k = 0; k < count && n < most; k++) {
                double step = e.octave().step;
                // Samples lie on pixel centres, which are at +0.5.
                x[n] = (float) ((e.x() * step + 0.5) * scaleX);
                y[n] = (float) ((e.y() * step + 0.5) * scaleY);
                scale[n] = (float) (e.sigmaInSamples() * step * Math.sqrt(scaleX * scaleY));
                orientation[n] = (float) angles[k];
                sift.describe(e, angles[k], descriptors, Keypoints.DESCRIPTOR_SIZE * n);
                n++;
            }
        }
        return new Keypoints(
                Arrays.copyOf(x, n),
                Arrays.copyOf(y, n),
                Arrays.copyOf(scale, n),
                Arrays.copyOf(orientation, n),
                Arrays.copyOf(descriptors, Keypoints.DESCRIPTOR_SIZE * n));
    }
}
