package io.github.dinosplat.scene;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a photo's EXIF and XMP say of the camera and its place. Read once, in the photo folder reader.
 *
 * @param cameraKey make, model and lens as one text; empty where unknown. Photos with the same key, focal length and size
 *     were taken with the same camera
 * @param focalMm focal length in millimetres
 * @param focalPixels focal length in pixels of the stored picture, from the focal plane resolution or the 35 mm
 *     equivalent
 * @param orientation EXIF orientation, 1 to 8; 1 is upright
 * @param position GPS position
 * @param gimbal which way the camera looked, from XMP
 * @param takenAtMillis time of the exposure in milliseconds, comparable between photos of one camera
 */
public record PhotoMetadata(
        String cameraKey,
        OptionalDouble focalMm,
        OptionalDouble focalPixels,
        int orientation,
        Optional<GeoPosition> position,
        Optional<Attitude> gimbal,
        Optional<Long> takenAtMillis) {

    /** Nothing known. */
    public static final PhotoMetadata NONE = new PhotoMetadata(
            "",
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}
