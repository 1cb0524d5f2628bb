package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The integer stages against brute force, and the small numeric ones against closed forms. */
class StagesTest {

    /**
     * A tile is listed if the ellipse meets the rectangle of its pixel centres, and is not if it stays a tenth of a pixel
     * away from it; where the ellipse meets the picture in a single row or column of tiles, its box may stand for it.
     */
    @Test
    void tilesAreThoseThatTheEllipseMeets() {
        Random random = new Random(1);
        int listedInAll = 0;
        int spare = 0;
        for (int trial = 0; trial < 4000; trial++) {
            double a = 0.6 + 40 * random.nextDouble();
            double b = trial % 3 == 0 ? 0.6 : 0.6 + 30 * random.nextDouble();
            double angle = Math.PI * random.nextDouble();
            double xx = sq(a * Math.cos(angle)) + sq(b * Math.sin(angle));
            double yy = sq(a * Math.sin(angle)) + sq(b * Math.cos(angle));
            double xy = (a * a - b * b) * Math.sin(angle) * Math.cos(angle);
            float x = (float) (-20 + 152 * random.nextDouble());
            float y = (float) (-20 + 120 * random.nextDouble());
            double det = xx * yy - xy * xy;
            double[] conic = {yy / det, -xy / det, xx / det};
            int[] tiles = new int[64];
            int listed = TileCover.list(
                    x,
                    y,
                    (float) Math.sqrt(xx),
                    (float) Math.sqrt(yy),
                    (float) (xy / yy),
                    (float) (Math.sqrt(det) / yy),
                    7,
                    5,
                    tiles,
                    2);
            Set<Integer> actual = new HashSet<>();
            Set<Integer> rows = new HashSet<>();
            Set<Integer> columns = new HashSet<>();
            for (int k = 0; k < listed; k++) {
                actual.add(tiles[2 + k]);
                rows.add(tiles[2 + k] / 7);
                columns.add(tiles[2 + k] % 7);
            }
            assertThat(actual).hasSize(listed);
            for (int tile = 0; tile < 35; tile++) {
                double left = tile % 7 * 16 + 0.5 - x;
                double top = tile / 7 * 16 + 0.5 - y;
                boolean meets = least(conic, left, top, left + 15, top + 15) <= 1;
                boolean near = least(conic, left - 0.1, top - 0.1, left + 15.1, top + 15.1) <= 1;
                if (meets) {
                    assertThat(actual).as("trial " + trial).contains(tile);
                } else if (!near && rows.size() > 1 && columns.size() > 1) {
                    assertThat(actual).as("trial " + trial).doesNotContain(tile);
                } else {
                    spare += actual.contains(tile) ? 1 : 0;
                }
            }
            listedInAll += listed;
        }
        assertThat(listedInAll).isGreaterThan(10_000);
        assertThat(spare).isLessThan(listedInAll / 15);
    }

    /** The least of a x^2 + 2 b x y + c y^2 on a rectangle: 0 in the middle, else on one of the edges. */
    private static double least(double[] conic, double left, double top, double right, double bottom) {
        if (left <= 0 && right >= 0 && top <= 0 && bottom >= 0) {
            return 0;
        }
        double best = Double.MAX_VALUE;
        for (double x : new double[] {left, right}) {
            best = Math.min(best, value(conic, x, clamp(-conic[1] * x / conic[2], top, bottom)));
        }
        for (double y : new double[] {top, bottom}) {
            best = Math.min(best, value(conic, clamp(-conic[1] * y / conic[0], left, right), y));
        }
        return best;
    }

    private static double value(double[] conic, double x, double y) {
        return conic[0] * x * x + 2 * conic[1] * x * y + conic[2] * y * y;
    }

    private static double clamp(double value, double least, double most) {
        return Math.min(Math.max(value, least), most);
    }

    private static double sq(double v) {
        return v * v;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 3", "1, 1", "2, 2", "255, 1", "5000, 1", "5000, 2", "5001, 3", "20000, 7"})
    void depthOrderIsStable(int count, int threads) {
        Random random = new Random(count);
        Frame frame = new Frame();
        frame.reserveGaussians(count);
        Integer[] expected = new Integer[count];
        int hits = 0;
        for (int i = 0; i < count; i++) {
            expected[i] = i;
            frame.hitCount[i] = random.nextInt(4);
            hits += frame.hitCount[i];
            frame.depths[i] = (float) (0.01 + Math.floor(1000 * random.nextDouble()) * Math.pow(10, random.nextInt(6)));
        }
        DepthOrder order = new DepthOrder();
        try (Workers workers = new Workers(threads)) {
            // What an earlier step left must not show.
            order.run(frame, count, workers);
            order.run(frame, count, workers);
        }
        Integer[] visible = Arrays.stream(expected)
                .filter(i -> frame.hitCount[i] > 0)
                .sorted(Comparator.comparingDouble(i -> frame.depths[i]))
                .toArray(Integer[]::new);
        assertThat(frame.visible).isEqualTo(visible.length);
        assertThat(frame.hits).isEqualTo(hits);
        for (int r = 0; r < visible.length; r++) {
            assertThat(frame.order[r]).isEqualTo(visible[r]);
        }
        for (int i = 0; i < count; i++) {
            assertThat(frame.slotStart[i + 1] - frame.slotStart[i]).isEqualTo(frame.hitCount[i]);
        }
    }

    @Test
    void blocksAreThoseThatHoldAPixelOfTheBox() {
        Random random = new Random(2);
        for (int trial = 0; trial < 2000; trial++) {
            float x = (float) (-10 + 36 * random.nextDouble());
            float y = (float) (-10 + 36 * random.nextDouble());
            float ex = (float) (12 * random.nextDouble());
            float ey = (float) (12 * random.nextDouble());
            int inside = 0;
            for (int py = 0; py < 16; py++) {
                for (int px = 0; px < 16; px++) {
                    if (Math.abs(px + 0.5 - x) <= ex && Math.abs(py + 0.5 - y) <= ey) {
                        inside |= 1 << TileScratch.index(px, py) / TileScratch.at(1);
                    }
                }
            }
            int blocks = TileScratch.blocks(x, y, ex, ey);
            assertThat(blocks & inside).isEqualTo(inside);
            assertThat(blocks >>> 16).isZero();
        }
        assertThat(TileScratch.blocks(-5, 8, 2, 2)).isZero();
        assertThat(TileScratch.blocks(8, 22, 2, 2)).isZero();
    }

    @Test
    void alphaIsThePowerOfTwo() {
        for (int i = 0; i <= 1000; i++) {
            float exponent = -i / 1000f;
            double exact = Math.pow(2, 8.0 * exponent);
            assertThat((double) BlendMath.alpha(exponent)).isCloseTo(exact, Offset.offset(4e-6 * exact));
        }
    }

    @Test
    void adamIsThatOfThePaper() {
        double[] gradients = {0.3, -1e-4, 2e-9};
        for (double gradient : gradients) {
            float[] parameter = {1, 1};
            float[] m = new float[2];
            float[] v = new float[2];
            double exact = 1;
            double first = 0;
            double second = 0;
            for (int t = 1; t <= 20; t++) {
                double g = gradient * (t % 3 == 0 ? -1 : 1);
                new Adam(t).move(parameter, m, v, 1, new float[] {(float) g}, 1, 0.01f);
                first = 0.9 * first + 0.1 * g;
                second = 0.999 * second + 0.001 * g * g;
                exact -= 0.01 * first / (1 - Math.pow(0.9, t)) / (Math.sqrt(second / (1 - Math.pow(0.999, t))) + 1e-15);
            }
            assertThat((double) parameter[1]).isCloseTo(exact, Offset.offset(1e-5));
            assertThat(parameter[0]).isEqualTo(1);
        }
    }

    @Test
    void adamGivesTheSameBitsWithVectors() {
        int count = 3 * VectorTileBlender.laneCount() + 5;
        int length = count + 4;
        float[] gradients = new float[count];
        float[] rates = new float[count];
        float[][] plain = new float[3][length];
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            gradients[i] = i % 7 == 0 ? 0 : (float) (random.nextGaussian() * Math.pow(10, -random.nextInt(12)));
            rates[i] = i % 5 == 0 ? 0 : random.nextFloat();
        }
        for (int i = 0; i < length; i++) {
            plain[0][i] = (float) random.nextGaussian();
        }
        float[][] vectors = {plain[0].clone(), plain[1].clone(), plain[2].clone()};
        float[] start = plain[0].clone();
        for (int t = 1; t <= 6; t++) {
            Adam adam = CodePath.SCALAR.adam(t);
            adam.move(plain[0], plain[1], plain[2], 3, gradients, count, rates);
            Adam other = CodePath.VECTOR.adam(t);
            other.move(vectors[0], vectors[1], vectors[2], 3, gradients, count, rates);
        }
        assertThat(vectors).isDeepEqualTo(plain);
        // What was moved is the stretch and nothing beside it.
        for (int i = 0; i < length; i++) {
            boolean moved = i >= 3 && i < 3 + count && gradients[i - 3] != 0 && rates[i - 3] != 0;
            assertThat(plain[0][i] != start[i]).as("parameter %d", i).isEqualTo(moved);
        }
    }

    @Test
    void noiseIsStandardNormalAndFollowsItsCounters() {
        double[] sum = new double[3];
        double[] square = new double[3];
        double cross = 0;
        float[] out = new float[3];
        int count = 40_000;
        for (int i = 0; i < count; i++) {
            CounterNoise.normal(7, 5, i, out, 0);
            for (int k = 0; k < 3; k++) {
                sum[k] += out[k];
                square[k] += out[k] * out[k];
            }
            cross += out[0] * out[1] + out[1] * out[2] + out[0] * out[2];
        }
        for (int k = 0; k < 3; k++) {
            assertThat(sum[k] / count).isCloseTo(0, Offset.offset(0.02));
            assertThat(square[k] / count).isCloseTo(1, Offset.offset(0.03));
        }
        assertThat(cross / count).isCloseTo(0, Offset.offset(0.03));
        float[] again = new float[3];
        CounterNoise.normal(7, 5, count - 1, again, 0);
        assertThat(again).isEqualTo(out);
        CounterNoise.normal(8, 5, count - 1, again, 0);
        assertThat(again[0]).isNotEqualTo(out[0]);
        CounterNoise.normal(7, 6, count - 1, again, 0);
        assertThat(again[0]).isNotEqualTo(out[0]);
    }

    @Test
    void functionsAreThoseOfTheLibrary() {
        for (int i = 0; i < 4000; i++) {
            double u = (i + 0.5) / 4000;
            float turns = (float) u;
            double angle = 2 * Math.PI * turns;
            assertThat((double) FloatMath.cosineOfTurns(turns)).isCloseTo(StrictMath.cos(angle), Offset.offset(4e-7));
            assertThat((double) FloatMath.cosineOfTurns(turns - 0.25f))
                    .isCloseTo(StrictMath.sin(angle), Offset.offset(5e-7));
            float x = (float) (175 * u - 87);
            double power = StrictMath.exp(x);
            assertThat((double) FloatMath.exp(x)).isCloseTo(power, Offset.offset(2e-7 * power));
            double logistic = 1 / (1 + StrictMath.exp(-(double) x));
            assertThat((double) FloatMath.sigmoid(x)).isCloseTo(logistic, Offset.offset(3e-7 * logistic));
            float y = (float) StrictMath.exp(20 * u - 18);
            double logarithm = StrictMath.log(y);
            double error = 2e-7 * Math.max(Math.abs(logarithm), Math.min(0.1, Math.abs(y - 1)));
            assertThat((double) FloatMath.log(y)).isCloseTo(logarithm, Offset.offset(error));
        }
        assertThat(FloatMath.log(1)).isZero();
        assertThat(FloatMath.exp(0)).isEqualTo(1);
        assertThat(FloatMath.exp(200)).isInfinite();
        assertThat(FloatMath.exp(Float.NEGATIVE_INFINITY))
                .isEqualTo(FloatMath.exp(-87))
                .isPositive();
        assertThat(FloatMath.exp(Float.NaN)).isNaN();
        assertThat(FloatMath.sigmoid(-200)).isZero();
        assertThat(FloatMath.sigmoid(200)).isEqualTo(1);
    }

    @Test
    void covarianceTurnsAndScales() {
        Gaussians g = Gaussians.zeros(1, 0);
        // A quarter turn about z, given with a length of 3: axis 0 points along y.
        g.quaternions()[0] = (float) (3 * Math.sqrt(0.5));
        g.quaternions()[3] = (float) (3 * Math.sqrt(0.5));
        g.logScales()[0] = (float) Math.log(2);
        g.logScales()[1] = (float) Math.log(5);
        float[] x = {1, 10, 100};
        Covariance.multiply(g, 0, x, 0);
        assertThat(x[0]).isCloseTo(25, Offset.offset(1e-4f));
        assertThat(x[1]).isCloseTo(40, Offset.offset(1e-4f));
        assertThat(x[2]).isCloseTo(100, Offset.offset(1e-4f));
    }
}
