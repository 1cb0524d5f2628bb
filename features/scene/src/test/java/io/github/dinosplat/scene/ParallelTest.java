package io.github.dinosplat.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ParallelTest {

    @Test
    void everyItemIsDoneOnce() throws IOException {
        AtomicIntegerArray times = new AtomicIntegerArray(1000);
        Parallel.forEach("work", 1000, 3, Progress.NONE, times::incrementAndGet);
        assertThat(IntStream.range(0, 1000).map(times::get)).containsOnly(1);
    }

    @Test
    void streamsInTheWorkUseItsThreads() throws IOException {
        int threads = Parallel.call(3, () -> ForkJoinTask.getPool().getParallelism());
        assertThat(threads).isEqualTo(3);
    }

    @Test
    void failuresComeOutAsTheyWereThrown() {
        IOException broken = new IOException("broken.jpg: truncated");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Parallel.forEach("work", 100, 2, Progress.NONE, i -> {
                    if (i == 40) {
                        throw broken;
                    }
                }))
                .isSameAs(broken);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Parallel.call(2, () -> {
                    throw new UncheckedIOException(broken);
                }))
                .isSameAs(broken);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Parallel.forEach("work", 100, 2, Progress.NONE, i -> {
                    throw new IllegalArgumentException("no");
                }));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> Parallel.call(2, () -> {
                    throw new AssertionError("no");
                }));
    }

    @Test
    void aStopIsHeard() {
        AtomicInteger done = new AtomicInteger();
        Progress stop = new Progress() {
            @Override
            public void update(String stage, long count, long total, String detail) {}

            @Override
            public boolean isCancelled() {
                return done.get() >= 5;
            }
        };
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> Parallel.forEach("work", 1_000_000, 2, stop, i -> done.incrementAndGet()));
        assertThat(done.get()).isLessThan(100);
    }

    @Test
    void nothingIsAtWorkAfterAFailure() {
        AtomicInteger atWork = new AtomicInteger();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Parallel.forEach("work", 4, 4, Progress.NONE, i -> {
                    atWork.incrementAndGet();
                    try {
                        if (i == 0) {
                            throw new IOException("first");
                        }
                        Thread.sleep(100);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        atWork.decrementAndGet();
                    }
                }));
        assertThat(atWork).hasValue(0);
    }

    @Test
    void anInterruptedCallerIsTold() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Parallel.result(ForkJoinPool.commonPool().submit(() -> {
                    Thread.sleep(200);
                    return 1;
                })))
                .withMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
