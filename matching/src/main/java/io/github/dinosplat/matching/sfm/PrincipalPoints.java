package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.matching.adjust.AdjustmentOptions;
import io.github.dinosplat.matching.adjust.BundleAdjustment;
import io.github.dinosplat.matching.adjust.CameraPrecision;
import io.github.dinosplat.scene.Camera;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Refines the principal points that a finished model determines, and only these. A principal point that is kept at the middle
 * of the picture costs a fraction of a degree between photos; one that follows weak data costs more. Standard errors decide,
 * which allow for residuals that are correlated within a photo ({@link CameraPrecision}).
 *
 * <p>Distortion and principal point explain much of the same: a distortion that was fitted around a wrong centre holds the centre
 * there. So the refinement is also started without distortion, and distortion is left out where it is within its own error.
 */
final class PrincipalPoints {

    private static final AdjustmentOptions ROUGH = AdjustmentOptions.ofKeypoints(10, 1e-3);
    private static final AdjustmentOptions FINE = AdjustmentOptions.ofKeypoints(20, 1e-5);

    /** Fewer photos than this never determine a principal point well. */
    private static final int LEAST_PHOTOS = 6;
    /**
     * Standard errors that a parameter may be off: what the camera model gets wrong in all photos alike is not in them. The
     * greatest seen is 4.6, of the principal point of fountain-P11.
     */
    private static final double CERTAINTY = 5;
    /** How far cameras' principal points are off the middle, over the longer side: what a refined one must be better than. */
    private static final double USUAL_OFFSET = 0.0125;
    /** A principal point farther off, over the longer side, is an error. */
    private static final double FARTHEST_OFFSET = 0.1;

    private final Model model;
    private final Adjuster adjuster;
    private final List<MappingCamera> priors;
    /** Cameras whose principal point is refined, as far as is known. */
    private final boolean[] open;
    /** Those of them whose distortion is within its own error and left out. */
    private final boolean[] undistorted;

    PrincipalPoints(Model model, Adjuster adjuster, List<MappingCamera> priors) {
        this.model = model;
        this.adjuster = adjuster;
        this.priors = priors;
        open = new boolean[priors.size()];
        undistorted = new boolean[priors.size()];
    }

    /**
     * Frees the principal points that are determined, in the adjuster's masks, and refines all with them.
     *
     * @return what was freed, in words; empty where the model stays as it is
     */
    List<String> free() {
        for (int c = 0; c < open.length; c++) {
            open[c] = priors.get(c).refined() && adjuster.photosOf(c) >= LEAST_PHOTOS;
        }
        while (anyOpen()) {
            setMasks();
            Adjuster.Part part = adjusted();
            List<String> notes = new ArrayList<>();
            boolean settled = true;
            for (int c = 0; c < open.length; c++) {
                if (open[c]) {
                    settled &= judge(c, part, notes);
                }
            }
            if (settled) {
                adjuster.store(part);
                return notes;
            }
        }
        setMasks();
        return List.of();
    }

    private boolean anyOpen() {
        boolean any = false;
        for (boolean o : open) {
            any |= o;
        }
        return any;
    }

    private void setMasks() {
        for (int c = 0; c < open.length; c++) {
            boolean[] mask = priors.get(c).mask();
            int centre = priors.get(c).camera().model().focalCount();
            if (open[c]) {
                Arrays.fill(mask, centre, centre + 2, true);
                Arrays.fill(mask, centre + 2, mask.length, !undistorted[c]);
            }
            adjuster.masks[c] = mask;
        }
    }

    /** Whether a camera's refined parameters hold; where not, fewer of them are tried next. */
    private boolean judge(int c, Adjuster.Part part, List<String> notes) {
        Camera camera = part.problem().camera(c);
        Camera prior = priors.get(c).camera();
        int centre = camera.model().focalCount();
        double size = Math.max(camera.width(), camera.height());
        double[] values = camera.parameters();
        int[] parameters = refinedFrom(adjuster.masks[c], centre);
        double[] errors = CameraPrecision.standardErrors(part.problem(), c, parameters, FINE);
        boolean distorted = false;
        for (int i = 2; i < parameters.length; i++) {
            distorted |= Math.abs(values[parameters[i]]) > CERTAINTY * errors[i];
        }
        if (parameters.length > 2 && !distorted) {
            undistorted[c] = true;
            return false;
        }
        double error = Math.hypot(errors[0], errors[1]) / Math.sqrt(2);
        if (!Adjuster.plausible(camera)
                || !(CERTAINTY * error <= USUAL_OFFSET * size)
                || Math.hypot(camera.cx() - prior.cx(), camera.cy() - prior.cy()) > FARTHEST_OFFSET * size) {
            open[c] = false;
            undistorted[c] = false;
            return false;
        }
        notes.add(String.format(
                Locale.ROOT,
                "camera %d: principal point refined to %.1f, %.1f px, standard error %.1f px%s",
                c + 1,
                camera.cx(),
                camera.cy(),
                error,
                undistorted[c] ? "; no distortion found" : ""));
        return true;
    }

    private static int[] refinedFrom(boolean[] mask, int first) {
        int[] found = new int[mask.length];
        int count = 0;
        for (int i = first; i < mask.length; i++) {
            if (mask[i]) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    /** The better of two minima: from the present cameras and from cameras without distortion. */
    private Adjuster.Part adjusted() {
        Adjuster.Part none = adjuster.whole(cameras(open));
        if (Arrays.equals(open, undistorted)) {
            BundleAdjustment.adjust(none.problem(), FINE);
            return none;
        }
        for (int c = 0; c < open.length; c++) {
            if (open[c]) {
                boolean[] mask = adjuster.masks[c].clone();
                Arrays.fill(mask, priors.get(c).camera().model().focalCount() + 2, mask.length, false);
                none.problem().refineCamera(c, mask);
            }
        }
        BundleAdjustment.adjust(none.problem(), ROUGH);
        for (int c = 0; c < open.length; c++) {
            if (open[c]) {
                none.problem().refineCamera(c, adjuster.masks[c]);
            }
        }
        double cost = BundleAdjustment.adjust(none.problem(), FINE).finalCost();
        Adjuster.Part present = adjuster.whole(cameras(undistorted));
        return BundleAdjustment.adjust(present.problem(), FINE).finalCost() <= cost ? present : none;
    }

    /** The present cameras, some of them without their distortion. */
    private Camera[] cameras(boolean[] without) {
        Camera[] cameras = model.cameras.clone();
        for (int c = 0; c < cameras.length; c++) {
            if (without[c]) {
                double[] parameters = cameras[c].parameters();
                Arrays.fill(parameters, cameras[c].model().focalCount() + 2, parameters.length, 0);
                cameras[c] = cameras[c].withParameters(parameters);
            }
        }
        return cameras;
    }
}
