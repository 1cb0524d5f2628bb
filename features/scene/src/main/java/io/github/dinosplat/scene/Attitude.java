package io.github.dinosplat.scene;

/**
 * Which way a camera looked, as drones write it into XMP.
 *
 * @param yawDeg heading of the optical axis in degrees, clockwise from true north
 * @param pitchDeg elevation of the optical axis in degrees: 0 looks at the horizon, -90 straight down
 * @param rollDeg rotation about the optical axis in degrees, clockwise as the camera sees
 */
public record Attitude(double yawDeg, double pitchDeg, double rollDeg) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Attitude {
        if (!Double.isFinite(yawDeg) || !Double.isFinite(pitchDeg) || !Double.isFinite(rollDeg)) {
            throw new IllegalArgumentException(
                    "yaw, pitch and roll must be finite degrees but were " + yawDeg + ", " + pitchDeg + ", " + rollDeg);
        }
    }
}
