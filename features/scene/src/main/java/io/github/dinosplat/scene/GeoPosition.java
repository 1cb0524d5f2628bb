package io.github.dinosplat.scene;

/**
 * A position on the WGS84 ellipsoid, as cameras write it into EXIF.
 *
 * @param latitudeDeg geodetic latitude in degrees, north positive
 * @param longitudeDeg longitude in degrees, east positive
 * @param height height in metres above an unstated zero (EXIF does not say whether ellipsoid or geoid); NaN where unknown
 */
public record GeoPosition(double latitudeDeg, double longitudeDeg, double height) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if latitude or longitude is out of range or not finite
     */
    public GeoPosition {
        if (!(Math.abs(latitudeDeg) <= 90) || !(Math.abs(longitudeDeg) <= 180)) {
            throw new IllegalArgumentException("latitude must be within 90 and longitude within 180 degrees but were "
                    + latitudeDeg + ", " + longitudeDeg);
        }
    }
}
