package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * Holds the colours of what at most two photos show. So few cannot tell how a colour changes with the direction, and any
 * mixture of colours behind each other that adds up to a photo's own explains it, like orange beside blue before white:
 * beside the photo it falls apart. What hides behind surfaces drifts likewise, by the little light that gets through, and
 * comes into view elsewhere. So there a colour is the same from everywhere, and little beyond those that the photos that show
 * the place have around it; beyond those of what hides it where none does; between black and white where no photo looks.
 */
final class FewPhotoColours {

    /** What more photos show is held by these. */
    private static final int FEW = 2;

    /** How far a colour may be beyond the photos' own, of 1: with nothing Herz-Jesu-P8 0003 and 0007 lose 0.1 dB. */
    private static final float BEYOND = 0.1f;

    /** A range of no colour: least above greatest. */
    private static final float[] NOTHING = {1, 1, 1, 0, 0, 0};

    private final List<SeenDepths> photos;
    private final List<ColourRanges> ranges;

    /**
     * Colours before some photos.
     *
     * @param photos what is known about their depths, which tells what they show
     * @param ranges their colours, of pictures of the same size
     */
    FewPhotoColours(List<SeenDepths> photos, List<ColourRanges> ranges) {
        this.photos = photos;
        this.ranges = ranges;
    }

    /** Holds all Gaussians that two photos show, one or none. */
    void hold(Gaussians gaussians) {
        float[] means = gaussians.means();
        float[] sh = gaussians.sh();
        float[] range = new float[6];
        for (int i = 0; i < gaussians.count(); i++) {
            if (fewShow(new Vector3d(means[3 * i], means[3 * i + 1], means[3 * i + 2]), range)) {
                int at = 3 * Gaussians.SH_COEFFICIENTS * i;
                for (int k = 0; k < 3; k++) {
                    sh[at + k] = Math.max(coefficient(range[k]), Math.min(coefficient(range[3 + k]), sh[at + k]));
                }
                Arrays.fill(sh, at + 3, at + 3 * Gaussians.SH_COEFFICIENTS, 0);
            }
        }
    }

    private static float coefficient(float colour) {
        return (float) ((colour - 0.5) / InitialGaussians.SH_BASE);
    }

    /**
     * Whether at most two photos show a place.
     *
     * @param range receives, if so, the least and the greatest that each channel may be
     */
    private boolean fewShow(Vector3d place, float[] range) {
        float[] before = NOTHING.clone();
        System.arraycopy(NOTHING, 0, range, 0, NOTHING.length);
        int showing = 0;
        for (int v = 0; v < photos.size(); v++) {
            Optional<PicturePoint> seen = photos.get(v).camera().see(place);
            if (seen.isPresent()) {
                boolean shown = photos.get(v).mayShow(seen.get());
                showing += shown ? 1 : 0;
                if (showing > FEW) {
                    return false;
                }
                widen(shown ? range : before, ranges.get(v), seen.get());
            }
        }
        float[] found = showing > 0 ? range : before;
        boolean nowhere = found[0] > found[3];
        for (int k = 0; k < 3; k++) {
            range[k] = nowhere ? 0 : Math.max(0, found[k] - BEYOND);
            range[3 + k] = nowhere ? 1 : Math.min(1, found[3 + k] + BEYOND);
        }
        return true;
    }

    private static void widen(float[] range, ColourRanges photo, PicturePoint place) {
        for (int k = 0; k < 3; k++) {
            range[k] = Math.min(range[k], photo.least(place.x(), place.y(), k));
            range[3 + k] = Math.max(range[3 + k], photo.greatest(place.x(), place.y(), k));
        }
    }
}
