package io.github.dinosplat.splat.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 16})
    void everyItemIsDoneOnceAndSeenByTheCaller(int threads) throws InterruptedException {
        try (Workers workers = new Workers(threads)) {
            for (int job = 0; job < 3000; job++) {
                int items = job % 70;
                int[] done = new int[items];
                workers.forEach(items, (item, worker) -> {
                    assertThat(worker).isBetween(0, threads - 1);
                    done[item] += item + 1;
                });
                for (int i = 0; i < items; i++) {
                    assertThat(done[i]).isEqualTo(i + 1);
                }
                if (job % 1000 == 999) {
                    // Long enough for all to fall asleep.
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
        }
    }

    @Test
    void otherThreadsWorkToo() {
        try (Workers workers = new Workers(3)) {
            AtomicIntegerArray items = new AtomicIntegerArray(3);
            CountDownLatch all = new CountDownLatch(3);
            workers.forEach(3, (item, worker) -> {
                items.incrementAndGet(worker);
                all.countDown();
                await(all);
            });
            for (int worker = 0; worker < 3; worker++) {
                assertThat(items.get(worker)).isEqualTo(1);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failuresReachTheCallerAndTheNextJobRuns() {
        try (Workers workers = new Workers(2)) {
            for (int failing = 0; failing < 2; failing++) {
                int which = failing;
                CountDownLatch both = new CountDownLatch(2);
                assertThatThrownBy(() -> workers.forEach(2, (item, worker) -> {
                            both.countDown();
                            await(both);
                            if (worker == which) {
                                throw new IllegalArgumentException("planted");
                            }
                        }))
                        .hasStackTraceContaining("planted");
                int[] done = new int[100];
                workers.forEach(100, (item, worker) -> done[item]++);
                assertThat(done).containsOnly(1);
            }
        }
    }

    @Test
    void anInterruptedCallerFinishesTheJobAndStaysInterrupted() {
        try (Workers workers = new Workers(2)) {
            int[] done = new int[4];
            Thread.currentThread().interrupt();
            workers.forEach(4, (item, worker) -> {
                long end = System.nanoTime() + 5_000_000;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                done[item]++;
            });
            assertThat(Thread.interrupted()).isTrue();
            assertThat(done).containsOnly(1);
        }
    }
}
