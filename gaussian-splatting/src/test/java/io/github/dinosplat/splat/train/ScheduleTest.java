package io.github.dinosplat.splat.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dinosplat.splat.Colour;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    @Test
    void scalesWithTheIterations() {
        Schedule brief = new Schedule(300, TrainingTerms.defaults());
        Schedule lengthy = new Schedule(30_000, TrainingTerms.defaults());
        for (int i = 0; i < 300; i++) {
            assertThat(brief.level(i)).isEqualTo(lengthy.level(100 * i));
            assertThat(brief.shDegree(i)).isEqualTo(lengthy.shDegree(100 * i));
            assertThat(brief.step(i, Colour.BLACK, 0).rates().means())
                    .isCloseTo(lengthy.step(100 * i, Colour.BLACK, 0).rates().means(), within(1e-12));
        }
        assertThat(refinements(brief)).isCloseTo(refinements(lengthy), within(6));
    }

    private static int refinements(Schedule schedule) {
        return (int)
                IntStream.rangeClosed(1, 30_000).filter(schedule::refinesAfter).count();
    }

    @Test
    void endsAtFullSizeAndDegreeWithTheRefinementOver() {
        Schedule schedule = new Schedule(3000, TrainingTerms.defaults());
        assertThat(schedule.level(0)).isEqualTo(2);
        assertThat(schedule.level(2999)).isZero();
        assertThat(schedule.shDegree(0)).isZero();
        assertThat(schedule.shDegree(2999)).isEqualTo(3);
        assertThat(schedule.refinesAfter(3000)).isFalse();
    }

    @Test
    void centresAndDepthsCountForLessAndLess() {
        Schedule schedule = new Schedule(3000, TrainingTerms.defaults());
        double first = schedule.step(0, Colour.BLACK, 0).rates().means();
        double half = schedule.step(1500, Colour.BLACK, 0).rates().means();
        double last = schedule.step(2999, Colour.BLACK, 0).rates().means();
        assertThat(last).isLessThan(first / 20);
        assertThat(half * half).isCloseTo(first * last, within(0.01 * first * last));
        assertThat(schedule.step(0, Colour.BLACK, 0).depthWeight()).isEqualTo(0.1);
        assertThat(schedule.step(2999, Colour.BLACK, 0).depthWeight()).isLessThan(0.1 / 90);
    }

    @Test
    void coloursAreHeldWithEveryRefinementAndOnToTheEnd() {
        Schedule schedule = new Schedule(3000, TrainingTerms.defaults());
        for (int done = 1; done <= 3000; done++) {
            assertThat(schedule.holdsColoursAfter(done)).isEqualTo(done >= 150 && done % 56 == 0 || done == 3000);
            assertThat(schedule.holdsColoursAfter(done) || !schedule.refinesAfter(done))
                    .isTrue();
        }
    }

    @Test
    void opacitiesFadeTwiceEachTimeWithARefinement() {
        for (int iterations : new int[] {400, 3000}) {
            Schedule schedule = new Schedule(iterations, TrainingTerms.defaults());
            int[] fades = IntStream.rangeClosed(1, iterations)
                    .filter(done -> schedule.refinesAfter(done) && schedule.fadesAfter(done))
                    .toArray();
            assertThat(fades).hasSize(2);
            assertThat(schedule.part(fades[0])).isBetween(0.2, 0.22);
            assertThat(schedule.part(fades[1])).isBetween(0.4, 0.42);
        }
    }

    @Test
    void growsToTheLimitAndNoFurther() {
        int count = 1;
        for (int i = 0; i < 1000; i++) {
            int next = Schedule.grown(count, 5000);
            assertThat(next).isGreaterThanOrEqualTo(count).isLessThanOrEqualTo(5000);
            count = next;
        }
        assertThat(count).isEqualTo(5000);
    }
}
