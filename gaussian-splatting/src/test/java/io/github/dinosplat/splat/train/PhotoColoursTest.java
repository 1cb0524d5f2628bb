package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.Rendering;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.junit.jupiter.api.Test;

/** Between the photos, exposure goes over from one to the next. */
class PhotoColoursTest {

    private static View view(double x, double turn) {
        Quaterniond rotation = new Quaterniond().rotateY(turn);
        Rigid3 pose = new Rigid3(rotation, rotation.transform(new Vector3d(-x, 0, 0)));
        return new View("photo at " + x, 0, pose, new double[0], new int[0]);
    }

    /** A map that multiplies and adds; nothing else. */
    private static float[] maps(float... gains) {
        float[] maps = new float[12 * gains.length];
        for (int p = 0; p < gains.length; p++) {
            for (int k = 0; k < 12; k++) {
                maps[12 * p + k] = gains[p] * PhotoParameters.identity(k);
            }
        }
        return maps;
    }

    private static double gain(PhotoColours colours, View view) {
        return colours.at(view.camFromWorld())[5];
    }

    @Test
    void aViewIsExposedLikeItsNeighbours() {
        List<View> row = List.of(view(0, 0), view(1, 0), view(2, 0), view(10, 0));
        PhotoColours colours = new PhotoColours(row, maps(1, 1.2f, 0.8f, 5));
        assertThat(gain(colours, view(2, 0))).isEqualTo(0.8f);
        assertThat(gain(colours, view(1.5, 0))).isCloseTo(1, within(0.01));
        // Half a unit from one photo and one and a half from another: weights as 81 to 1.
        PhotoColours two = new PhotoColours(row.subList(0, 2), maps(1, 2));
        assertThat(gain(two, view(1.5, 0))).isCloseTo((81 * 2 + 1) / 82.0, within(1e-6));
        assertThat(gain(two, view(0.001, 0))).isCloseTo(1, within(1e-6));
        // A turn counts, too; the unit of length is half the distance of the two.
        PhotoColours turned = new PhotoColours(List.of(view(0, 0), view(0, 1), view(2, 0)), maps(1, 2, 3));
        assertThat(gain(turned, view(0, 0.9))).isGreaterThan(1.99);
    }

    @Test
    void unitsOfLengthDoNotMatterAndOnePlaceIsEnough() {
        PhotoColours small = new PhotoColours(List.of(view(0, 0), view(1, 0.2), view(3, 0)), maps(1, 2, 3));
        PhotoColours large = new PhotoColours(List.of(view(0, 0), view(100, 0.2), view(300, 0)), maps(1, 2, 3));
        assertThat(gain(large, view(130, 0.1))).isCloseTo(gain(small, view(1.3, 0.1)), within(1e-6));
        PhotoColours panorama = new PhotoColours(List.of(view(0, 0), view(0, 0.4)), maps(1, 2));
        assertThat(gain(panorama, view(0, 0.2))).isCloseTo(1.5, within(1e-6));
    }

    @Test
    void picturesAreMapped() {
        float[] map = {1, 0.5f, 0, 0.1f, 0, 2, 0, 0, 0, 0, 1, -0.25f};
        PhotoColours colours = new PhotoColours(List.of(view(0, 0)), map);
        float[] rgb = {0.5f, 0.25f, 0.75f, 0, 1, 0};
        Rendering plain = new Rendering(2, 1, rgb, new float[] {1, 0.5f}, new float[] {3, 4});
        Rendering mapped = colours.exposed(plain, view(7, 1).camFromWorld());
        assertThat(mapped.rgb()).containsExactly(0.725f, 0.5f, 0.5f, 0.6f, 2, -0.25f);
        assertThat(mapped.alpha()).containsExactly(1, 0.5f);
        assertThat(plain.rgb()).containsExactly(0.5f, 0.25f, 0.75f, 0, 1, 0);
        PhotoColours same = new PhotoColours(List.of(view(0, 0)), maps(1));
        assertThat(same.exposed(plain, view(1, 0).camFromWorld())).isSameAs(plain);
        assertThat(same.isIdentity()).isTrue();
        assertThat(colours.isIdentity()).isFalse();
    }

    @Test
    void withoutPhotosNothingChanges() {
        PhotoColours none = new PhotoColours(List.of(), new float[0]);
        assertThat(none.isIdentity()).isTrue();
        assertThat(gain(none, view(1, 0))).isEqualTo(1);
        assertThatThrownBy(() -> new PhotoColours(List.of(view(0, 0)), new float[24]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("P=1");
    }
}
