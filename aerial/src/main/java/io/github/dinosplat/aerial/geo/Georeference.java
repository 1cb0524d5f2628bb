package io.github.dinosplat.aerial.geo;

import io.github.dinosplat.scene.GeoPosition;
import io.github.dinosplat.scene.Similarity3;

/**
 * Where a scene lies on Earth, and how well that agrees with the photos' GPS.
 *
 * @param origin the point where east, north and up are all 0
 * @param enuFromScene the similarity from the scene as it was given to local east-north-up metres at the origin
 * @param horizontalRmsMetres root mean square horizontal distance between the cameras and their GPS positions, over all
 *     registered photos with GPS, outliers included
 * @param verticalRmsMetres the same for heights; NaN where no photo has one
 * @param photosUsed how many photos the fit took for sound
 * @param photosWithGps how many registered photos have a GPS position
 * @param tiltFrom what told which way is up
 */
public record Georeference(
        GeoPosition origin,
        Similarity3 enuFromScene,
        double horizontalRmsMetres,
        double verticalRmsMetres,
        int photosUsed,
        int photosWithGps,
        TiltSource tiltFrom) {

    /** The same with another similarity. */
    Georeference with(Similarity3 applied) {
        return new Georeference(
                origin, applied, horizontalRmsMetres, verticalRmsMetres, photosUsed, photosWithGps, tiltFrom);
    }
}
