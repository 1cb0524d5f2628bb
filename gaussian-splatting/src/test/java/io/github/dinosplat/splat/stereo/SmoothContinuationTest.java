package io.github.dinosplat.splat.stereo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SmoothContinuationTest {

    private static final int COLUMNS = 24;
    private static final int ROWS = 15;

    private static float[] joined() {
        float[] joins = new float[2 * COLUMNS * ROWS];
        Arrays.fill(joins, 1);
        return joins;
    }

    private static float plane(int i) {
        return 1 + 0.05f * (i % COLUMNS) - 0.03f * (i / COLUMNS);
    }

    /** A plane that is known in the middle. */
    private static float[] continued(double bending, double stretching) {
        float[] known = new float[COLUMNS * ROWS];
        float[] weights = new float[known.length];
        for (int i = 0; i < known.length; i++) {
            boolean inside = i % COLUMNS >= 8 && i % COLUMNS < 16 && i / COLUMNS >= 5 && i / COLUMNS < 10;
            known[i] = inside ? plane(i) : 99;
            weights[i] = inside ? 1 : 0;
        }
        return SmoothContinuation.of(COLUMNS, ROWS, known, weights, joined(), bending, stretching);
    }

    @Test
    void goesOnStraightOrLevel() {
        float[] straight = continued(1, 1e-7);
        float[] level = continued(0, 1);
        for (int i = 0; i < straight.length; i++) {
            assertThat(straight[i]).isCloseTo(plane(i), within(0.01f));
        }
        int left = 7 * COLUMNS;
        // The known cells of that row are 1.2 and more, the plane itself would be at 0.8.
        assertThat(level[left]).isBetween(1.15f, 1.35f);
        // In between some way straight on.
        assertThat(continued(1, 0.02)[left]).isBetween(plane(left) + 0.02f, level[left] - 0.02f);
    }

    @Test
    void stopsWhereCellsDoNotBelongTogether() {
        float[] known = new float[COLUMNS * ROWS];
        float[] weights = new float[known.length];
        float[] joins = joined();
        for (int r = 0; r < ROWS; r++) {
            known[r * COLUMNS] = 1;
            known[r * COLUMNS + COLUMNS - 1] = 3;
            weights[r * COLUMNS] = 1;
            weights[r * COLUMNS + COLUMNS - 1] = 1;
            joins[r * COLUMNS + 5] = 0;
        }
        float[] cut = SmoothContinuation.of(COLUMNS, ROWS, known, weights, joins, 1, 0.01);
        assertThat(cut[7 * COLUMNS + 5]).isCloseTo(1, within(0.01f));
        assertThat(cut[7 * COLUMNS + 6]).isCloseTo(3, within(0.01f));
        float[] whole = SmoothContinuation.of(COLUMNS, ROWS, known, weights, joined(), 1, 0.01);
        assertThat(whole[7 * COLUMNS + 12]).isBetween(1.8f, 2.3f);
    }

    @Test
    void nothingKnownGivesNothing() {
        float[] none = new float[COLUMNS * ROWS];
        assertThat(SmoothContinuation.of(COLUMNS, ROWS, none, none, joined(), 1, 0.01))
                .containsOnly(0);
    }
}
