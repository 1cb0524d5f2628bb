package io.github.dinosplat.scene;

import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * Conversions between WGS84 latitude, longitude and ellipsoidal height, earth-centred earth-fixed (ECEF) metres and local
 * east-north-up (ENU) metres. All in double. A height's datum is the caller's affair: what is put in comes out.
 */
public final class Geodesy {

    /** Semi-major axis of the WGS84 ellipsoid in metres. */
    public static final double SEMI_MAJOR_AXIS = 6_378_137.0;

    /** Flattening of the WGS84 ellipsoid. */
    public static final double FLATTENING = 1 / 298.257223563;

    private static final double E2 = FLATTENING * (2 - FLATTENING);

    private Geodesy() {}

    /**
     * Earth-centred coordinates of a position.
     *
     * @param position position with a known height
     * @return ECEF metres
     * @throws IllegalArgumentException if the height is NaN
     */
    public static Vector3d ecef(GeoPosition position) {
        if (!Double.isFinite(position.height())) {
            throw new IllegalArgumentException("the position needs a finite height but was " + position);
        }
        double latitude = Math.toRadians(position.latitudeDeg());
        double longitude = Math.toRadians(position.longitudeDeg());
        double sin = Math.sin(latitude);
        double n = SEMI_MAJOR_AXIS / Math.sqrt(1 - E2 * sin * sin);
        double r = (n + position.height()) * Math.cos(latitude);
        return new Vector3d(r * Math.cos(longitude), r * Math.sin(longitude), (n * (1 - E2) + position.height()) * sin);
    }

    /**
     * The position of earth-centred coordinates, by fixed-point iteration on the latitude; good to a nanometre from the
     * bottom of the sea to satellite orbits.
     *
     * @param ecef ECEF metres, not near the centre of the earth
     * @return position
     * @throws IllegalArgumentException if the point lies within 1000 km of the earth's centre
     */
    public static GeoPosition geodetic(Vector3dc ecef) {
        if (!(ecef.length() > 1e6)) {
            throw new IllegalArgumentException("the point must lie near the earth's surface but was " + ecef);
        }
        double p = Math.hypot(ecef.x(), ecef.y());
        double latitude = Math.atan2(ecef.z(), p * (1 - E2));
        for (int i = 0; i < 20; i++) {
            double sin = Math.sin(latitude);
            double n = SEMI_MAJOR_AXIS / Math.sqrt(1 - E2 * sin * sin);
            double next = Math.atan2(ecef.z() + E2 * n * sin, p);
            boolean settled = Math.abs(next - latitude) < 1e-16;
            latitude = next;
            if (settled) {
                break;
            }
        }
        double sin = Math.sin(latitude);
        double cos = Math.cos(latitude);
        double n = SEMI_MAJOR_AXIS / Math.sqrt(1 - E2 * sin * sin);
        // This form of the height is well conditioned at the poles and at the equator alike.
        double height = p * cos + ecef.z() * sin - n * (1 - E2 * sin * sin);
        return new GeoPosition(Math.toDegrees(latitude), Math.toDegrees(Math.atan2(ecef.y(), ecef.x())), height);
    }

    /**
     * The motion from earth-centred to local east-north-up coordinates.
     *
     * @param origin origin of the local frame, with a known height
     * @return {@code enuFromEcef}
     */
    public static Rigid3 enuFromEcef(GeoPosition origin) {
        double latitude = Math.toRadians(origin.latitudeDeg());
        double longitude = Math.toRadians(origin.longitudeDeg());
        double sinLat = Math.sin(latitude);
        double cosLat = Math.cos(latitude);
        double sinLon = Math.sin(longitude);
        double cosLon = Math.cos(longitude);
        double[] rotation = {
            -sinLon, cosLon, 0, -sinLat * cosLon, -sinLat * sinLon, cosLat, cosLat * cosLon, cosLat * sinLon, sinLat
        };
        Rigid3 turn = Rigid3.of(rotation, new Vector3d());
        return new Rigid3(turn.rotation(), turn.transform(ecef(origin)).negate());
    }

    /**
     * Local east-north-up coordinates of a position.
     *
     * @param position position with a known height
     * @param origin origin of the local frame, with a known height
     * @return east, north, up in metres
     */
    public static Vector3d enu(GeoPosition position, GeoPosition origin) {
        // The difference is taken before the turn: both are millions of metres long.
        Vector3d d = ecef(position).sub(ecef(origin));
        return enuFromEcef(origin).rotation().transform(d);
    }

    /**
     * The position of local east-north-up coordinates.
     *
     * @param enu east, north, up in metres
     * @param origin origin of the local frame, with a known height
     * @return position
     */
    public static GeoPosition geodetic(Vector3dc enu, GeoPosition origin) {
        Vector3d d = enuFromEcef(origin).rotation().transformInverse(enu, new Vector3d());
        return geodetic(d.add(ecef(origin)));
    }
}
