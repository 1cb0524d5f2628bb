package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.jvm.JvmEngine;
import io.github.dinosplat.splat.train.HeldOutPhoto;
import io.github.dinosplat.splat.train.TrainResult;
import java.util.List;
import java.util.Locale;
import org.joml.Vector3d;

/**
 * How well a training run renders photos that it did not see.
 *
 * @param psnr mean over the judged photos, in dB
 * @param ssim mean over the judged photos
 * @param depth mean relative depth error at sparse points that three or more photos of the whole set agree on, at most 1
 *     a point; where the splats are less than half opaque a point counts 1
 */
record HeldOutScores(double psnr, double ssim, double depth) {

    /** A pixel of the object is brighter than this, of 255. */
    private static final int OBJECT = 24;

    private static final int LEAST_TRACK = 3;

    /** A judged photo beside its render. */
    record Pictures(Image rendering, Image truth) {}

    /** For a {@link ResultFile}. */
    String text() {
        return String.format(Locale.ROOT, "%.4f\t%.5f\t%.5f", psnr, ssim, depth);
    }

    /** What {@link #text()} gave. */
    static HeldOutScores parse(String text) {
        String[] parts = text.split("\t");
        return new HeldOutScores(
                Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Double.parseDouble(parts[2]));
    }

    /**
     * Judges a result.
     *
     * @param set the photo set
     * @param reference points from all photos of the set
     * @param result what was trained
     * @param pictures of the judged photos, in their order in the result
     */
    static HeldOutScores of(PhotoSet set, Scene reference, TrainResult result, List<Pictures> pictures) {
        double psnr = 0;
        double ssim = 0;
        List<HeldOutPhoto> photos = result.heldOut();
        for (int i = 0; i < photos.size(); i++) {
            if (set.object()) {
                Box box = Box.of(pictures.get(i).truth());
                Image truth = box.cut(pictures.get(i).truth());
                Image rendering = box.cut(pictures.get(i).rendering());
                psnr += Metrics.psnr(rendering, truth) + 10 * Math.log10(box.share());
                ssim += Metrics.ssim(rendering, truth);
            } else {
                psnr += photos.get(i).psnr();
                ssim += photos.get(i).ssim();
            }
        }
        return new HeldOutScores(psnr / photos.size(), ssim / photos.size(), depthError(set, reference, result));
    }

    private static double depthError(PhotoSet set, Scene reference, TrainResult result) {
        double sum = 0;
        int n = 0;
        try (SplatEngine engine = new JvmEngine(1)) {
            engine.load(TrainingState.start(result.gaussians()));
            for (String name : set.judged()) {
                View view = reference.view(name).orElseThrow();
                Camera full = reference.cameraOf(view);
                Camera camera = full.fitted(ShortTraining.LONG_SIDE);
                DepthMap map = engine.render(PinholeView.of(camera, view.camFromWorld()), RenderOptions.defaults())
                        .depthMap();
                for (int k = 0; k < view.keypointCount(); k++) {
                    int p = view.pointIndex(k);
                    if (p >= 0 && reference.trackLength(p) >= LEAST_TRACK) {
                        Vector3d c =
                                view.camFromWorld().transform(reference.points().position(p));
                        int x = (int) Math.min(camera.width() - 1, view.x(k) * camera.width() / full.width());
                        int y = (int) Math.min(camera.height() - 1, view.y(k) * camera.height() / full.height());
                        double z = map.depth(Math.max(0, x), Math.max(0, y));
                        sum += z > 0 ? Math.min(1, Math.abs(z / c.z - 1)) : 1;
                        n++;
                    }
                }
            }
        }
        return sum / n;
    }

    /** The part of a picture around a bright object, and which of its pixels belong to it. */
    private record Box(int x0, int y0, int x1, int y1, boolean[] object) {

        static Box of(Image truth) {
            int width = truth.width();
            boolean[] object = new boolean[width * truth.height()];
            int x0 = width;
            int y0 = truth.height();
            int x1 = 0;
            int y1 = 0;
            for (int i = 0; i < object.length; i++) {
                int x = i % width;
                int y = i / width;
                object[i] =
                        Math.max(truth.value(x, y, 0), Math.max(truth.value(x, y, 1), truth.value(x, y, 2))) > OBJECT;
                if (object[i]) {
                    x0 = Math.min(x0, x);
                    y0 = Math.min(y0, y);
                    x1 = Math.max(x1, x + 1);
                    y1 = Math.max(y1, y + 1);
                }
            }
            return new Box(x0, y0, x1, y1, object);
        }

        /** The box of a picture, black outside of the object. */
        Image cut(Image picture) {
            byte[] rgb = new byte[3 * (x1 - x0) * (y1 - y0)];
            for (int y = y0; y < y1; y++) {
                for (int x = x0; x < x1; x++) {
                    for (int c = 0; c < 3 && object[y * picture.width() + x]; c++) {
                        rgb[3 * ((y - y0) * (x1 - x0) + x - x0) + c] = (byte) picture.value(x, y, c);
                    }
                }
            }
            return new Image(x1 - x0, y1 - y0, rgb);
        }

        /** The object's part of the box: an error over the object's pixels alone is larger by one over this. */
        double share() {
            int n = 0;
            for (boolean b : object) {
                n += b ? 1 : 0;
            }
            return (double) n / ((x1 - x0) * (y1 - y0));
        }
    }
}
