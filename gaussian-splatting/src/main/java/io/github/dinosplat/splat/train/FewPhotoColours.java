package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * Holds the colours of what at most two photos show. So few cannot tell how a colour changes with the direction, and any
 * mixture of colours behind each other that adds up to a photo's own explains it, brighter than white before blacker than
 * black: beside the photo it falls apart. What hides behind surfaces drifts likewise, by the little light that gets through,
 * and comes into view elsewhere. So there a colour is the same from everywhere, and between black and white.
 */
final class FewPhotoColours {

    /** What more photos show is held by these. */
    private static final int FEW = 2;

    /** The coefficient of white; black is its opposite. */
    private static final float WHITE = (float) (0.5 / InitialGaussians.SH_BASE);

    private final List<SeenDepths> photos;

    /**
     * Colours before some photos.
     *
     * @param photos what is known about their depths, which tells what they show
     */
    FewPhotoColours(List<SeenDepths> photos) {
        this.photos = photos;
    }

    /** Holds all Gaussians that two photos show, one or none. */
    void hold(Gaussians gaussians) {
        float[] means = gaussians.means();
        float[] sh = gaussians.sh();
        for (int i = 0; i < gaussians.count(); i++) {
            if (fewShow(new Vector3d(means[3 * i], means[3 * i + 1], means[3 * i + 2]))) {
                int at = 3 * Gaussians.SH_COEFFICIENTS * i;
                for (int c = at; c < at + 3; c++) {
                    sh[c] = Math.max(-WHITE, Math.min(WHITE, sh[c]));
                }
                Arrays.fill(sh, at + 3, at + 3 * Gaussians.SH_COEFFICIENTS, 0);
            }
        }
    }

    private boolean fewShow(Vector3d place) {
        int showing = 0;
        for (int v = 0; v < photos.size() && showing <= FEW; v++) {
            Optional<PicturePoint> seen = photos.get(v).camera().see(place);
            showing += seen.isPresent() && photos.get(v).mayShow(seen.get()) ? 1 : 0;
        }
        return showing <= FEW;
    }
}
