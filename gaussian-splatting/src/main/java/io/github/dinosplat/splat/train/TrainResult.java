package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a training run gives.
 *
 * @param gaussians the splats in the frame and units of the scene
 * @param iterations steps done
 * @param heldOut the held-out photos with their renders, sorted by name
 * @param trainPsnr mean PSNR over a sample of the training photos, in decibels
 * @param trainSsim mean SSIM over the same photos
 * @param curve the training curve
 * @param startCount how many Gaussians training began with
 * @param millisPerIteration wall time of the training loop with loading, refinement and checkpoints but without
 *     evaluation, by iteration; over all sittings where the run was resumed
 * @param cpuMillisPerIteration likewise in CPU time of the process
 * @param engine name of the engine that executed every iteration
 * @param device what it ran on
 * @param rendering how the splats want to be rendered: their background and whether small ones are dimmed
 * @param views the training photos with their poses in the scene's frame, as refined where that was asked for
 * @param colours how the training photos were exposed; changes nothing where that was not learnt
 */
public record TrainResult(
        Gaussians gaussians,
        int iterations,
        List<HeldOutPhoto> heldOut,
        double trainPsnr,
        double trainSsim,
        List<CurvePoint> curve,
        int startCount,
        double millisPerIteration,
        double cpuMillisPerIteration,
        String engine,
        String device,
        RenderOptions rendering,
        List<View> views,
        PhotoColours colours) {

    /** Copies the lists. */
    public TrainResult {
        heldOut = List.copyOf(heldOut);
        curve = List.copyOf(curve);
        views = List.copyOf(views);
    }

    /**
     * Mean PSNR over the held-out photos.
     *
     * @return decibels, NaN without held-out photos
     */
    public double heldOutPsnr() {
        return mean(HeldOutPhoto::psnr);
    }

    /**
     * Mean SSIM over the held-out photos.
     *
     * @return similarity, NaN without held-out photos
     */
    public double heldOutSsim() {
        return mean(HeldOutPhoto::ssim);
    }

    /**
     * Mean SSIM of the held-out photos to themselves blurred: the value to beat.
     *
     * @return similarity, NaN without held-out photos
     */
    public double heldOutBlurredSsim() {
        return mean(HeldOutPhoto::blurredSsim);
    }

    /**
     * Mean share of the held-out photos' pixels that some training photo shows, see {@link HeldOutPhoto#seenShare}.
     *
     * @return 0 to 1, NaN without held-out photos
     */
    public double heldOutSeenShare() {
        return mean(HeldOutPhoto::seenShare);
    }

    /**
     * Mean PSNR of the held-out photos over these pixels alone.
     *
     * @return decibels, NaN where there are none
     */
    public double heldOutSeenPsnr() {
        return heldOut.stream()
                .mapToDouble(HeldOutPhoto::seenPsnr)
                .filter(psnr -> !Double.isNaN(psnr))
                .average()
                .orElse(Double.NaN);
    }

    private double mean(ToDoubleFunction<HeldOutPhoto> measure) {
        return heldOut.stream().mapToDouble(measure).average().orElse(Double.NaN);
    }
}
