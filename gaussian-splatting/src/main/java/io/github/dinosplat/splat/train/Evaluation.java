package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Metrics;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Renders what the engine holds and compares it with photos, at training size. */
final class Evaluation {

    private static final double REFERENCE_BLUR = 4;
    private static final int TRAINING_SAMPLE = 8;

    private final SplatEngine engine;
    private final TrainingPhotos photos;
    private final List<View> heldOut;

    /** Mean measures over some photos. */
    record Mean(double psnr, double ssim) {}

    Evaluation(SplatEngine engine, TrainingPhotos photos, List<View> heldOut) {
        this.engine = engine;
        this.photos = photos;
        this.heldOut = heldOut;
    }

    /** Reads every photo once: one that is damaged is told before hours of work, not when its turn to be judged comes. */
    void read() throws IOException {
        for (View view : heldOut) {
            photos.image(view, 0);
        }
    }

    private Image render(View view, RenderOptions render, PhotoColours colours) {
        return colours.exposed(engine.render(photos.pinhole(view, 0), render), view.camFromWorld())
                .image();
    }

    /** Over the pixels that count. */
    private double psnr(View view, Image truth, Image rendering) throws IOException {
        Optional<boolean[]> counted = photos.mask(view, 0);
        return counted.isPresent() ? Metrics.psnr(rendering, truth, counted.get()) : Metrics.psnr(rendering, truth);
    }

    double heldOutPsnr(RenderOptions render, PhotoColours colours) throws IOException {
        double sum = 0;
        for (View view : heldOut) {
            sum += psnr(view, photos.image(view, 0, render.background()), render(view, render, colours));
        }
        return sum / heldOut.size();
    }

    /**
     * Compares every held-out photo with its render.
     *
     * @param render how the splats want to be rendered
     * @param colours how photos are exposed
     * @param depths of the training photos; tell which pixels of the others they show
     * @param pictures shown every photo beside its render
     * @param progress told about every photo
     */
    List<HeldOutPhoto> heldOut(
            RenderOptions render, PhotoColours colours, PhotoDepths depths, HeldOutPictures pictures, Progress progress)
            throws IOException {
        List<boolean[]> found = depths.found(heldOut, progress);
        List<HeldOutPhoto> results = new ArrayList<>();
        for (View view : heldOut) {
            boolean[] seen = depths.enlarged(found.get(results.size()), view);
            Image truth = photos.image(view, 0, render.background());
            Image rendering = render(view, render, colours);
            results.add(new HeldOutPhoto(
                    view.name(),
                    psnr(view, truth, rendering),
                    Metrics.ssim(rendering, truth),
                    Metrics.ssim(Metrics.blurred(truth, REFERENCE_BLUR), truth),
                    share(seen),
                    Metrics.psnr(rendering, truth, seen)));
            pictures.show(view.name(), rendering, truth);
        }
        return results;
    }

    private static double share(boolean[] pixels) {
        int count = 0;
        for (boolean pixel : pixels) {
            count += pixel ? 1 : 0;
        }
        return (double) count / pixels.length;
    }

    /** Over some photos spread evenly over these. */
    Mean sample(List<View> trained, RenderOptions render, PhotoColours colours) throws IOException {
        int n = Math.min(TRAINING_SAMPLE, trained.size());
        double psnr = 0;
        double ssim = 0;
        for (int i = 0; i < n; i++) {
            View view = trained.get(i * trained.size() / n);
            Image truth = photos.image(view, 0, render.background());
            Image rendering = render(view, render, colours);
            psnr += psnr(view, truth, rendering);
            ssim += Metrics.ssim(rendering, truth);
        }
        return new Mean(psnr / n, ssim / n);
    }
}
