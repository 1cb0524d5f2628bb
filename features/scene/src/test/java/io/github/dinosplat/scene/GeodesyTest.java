package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

class GeodesyTest {

    @Test
    void ecefOfKnownPlaces() {
        assertThat(Geodesy.ecef(new GeoPosition(0, 0, 0)).distance(6378137, 0, 0))
                .isLessThan(1e-9);
        assertThat(Geodesy.ecef(new GeoPosition(90, 0, 0)).distance(0, 0, 6356752.314245))
                .isLessThan(1e-5);
        // The worked example of the British "Guide to coordinate systems" is on another ellipsoid; this one is PROJ's:
        // echo "12.4924 41.8902 60" | cs2cs +proj=latlong +datum=WGS84 +to +proj=geocent +datum=WGS84.
        Vector3d rome = Geodesy.ecef(new GeoPosition(41.8902, 12.4924, 60));
        double n = 6378137 / Math.sqrt(1 - 0.00669437999014 * Math.pow(Math.sin(Math.toRadians(41.8902)), 2));
        assertThat(rome.z)
                .isCloseTo((n * (1 - 0.00669437999014) + 60) * Math.sin(Math.toRadians(41.8902)), within(1e-4));
    }

    @Test
    void conversionsGoThereAndBack() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2000; i++) {
            GeoPosition p = new GeoPosition(
                    random.nextDouble(-90, 90), random.nextDouble(-180, 180), random.nextDouble(-11000, 800000));
            GeoPosition back = Geodesy.geodetic(Geodesy.ecef(p));
            assertThat(back.latitudeDeg()).isCloseTo(p.latitudeDeg(), within(1e-11));
            assertThat(back.longitudeDeg()).isCloseTo(p.longitudeDeg(), within(1e-11));
            assertThat(back.height()).isCloseTo(p.height(), within(1e-7));
        }
        for (double latitude : new double[] {-90, 90, 0, 89.9999999}) {
            GeoPosition back = Geodesy.geodetic(Geodesy.ecef(new GeoPosition(latitude, 0, 12)));
            assertThat(back.latitudeDeg()).isCloseTo(latitude, within(1e-11));
            assertThat(back.height()).isCloseTo(12, within(1e-7));
        }
    }

    @Test
    void localAxesPointEastNorthAndUp() {
        GeoPosition origin = new GeoPosition(48.2, 16.4, 170);
        Vector3d east = Geodesy.enu(new GeoPosition(48.2, 16.4001, 170), origin);
        Vector3d north = Geodesy.enu(new GeoPosition(48.2001, 16.4, 170), origin);
        Vector3d up = Geodesy.enu(new GeoPosition(48.2, 16.4, 175), origin);
        assertThat(east.x).isCloseTo(7.436, within(0.01));
        assertThat(east.y).isCloseTo(0, within(0.001));
        assertThat(north.y).isCloseTo(11.12, within(0.01));
        assertThat(north.x).isCloseTo(0, within(1e-6));
        assertThat(up.distance(0, 0, 5)).isLessThan(1e-8);
        Vector3d enu = new Vector3d(812.5, -333.25, 47);
        assertThat(Geodesy.enu(Geodesy.geodetic(enu, origin), origin).distance(enu))
                .isLessThan(1e-6);
        assertThat(Geodesy.enuFromEcef(origin)
                        .transform(Geodesy.ecef(new GeoPosition(48.2, 16.4001, 170)))
                        .distance(east))
                .isLessThan(1e-6);
    }

    @Test
    void unknownHeightsAreRefused() {
        assertThatThrownBy(() -> Geodesy.ecef(new GeoPosition(1, 2, Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Geodesy.geodetic(new Vector3d())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GeoPosition(91, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
