package io.github.dinosplat.scene;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Work on a chosen number of threads, whose failures come out as they were thrown. */
public final class Parallel {

    private Parallel() {}

    /** Work on one item. */
    @FunctionalInterface
    public interface Item {

        /**
         * Does it.
         *
         * @param index of the item
         * @throws IOException if a file can't be read or written
         */
        void run(int index) throws IOException;
    }

    /**
     * Runs work whose parallel streams use so many threads. When this returns or throws, no thread of its own is at work any more.
     *
     * @param threads how many, at least 1
     * @param work the work
     * @param <T> what it gives
     * @return what it gave
     * @throws IOException what the work threw, also from within a parallel stream as an {@code UncheckedIOException}, or that
     *     the calling thread was interrupted
     */
    public static <T> T call(int threads, Callable<T> work) throws IOException {
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            return result(pool.submit(work));
        } finally {
            end(pool);
        }
    }

    /**
     * Does the work of every item.
     *
     * @param stage name of the work, for {@code progress}
     * @param count number of items
     * @param threads how many to use, at least 1
     * @param progress told after every item, and asked before every item whether to stop
     * @param item the work
     * @throws IOException the first failure of an item, or that the calling thread was interrupted
     * @throws CancellationException if {@code progress} asked to stop
     */
    public static void forEach(String stage, int count, int threads, Progress progress, Item item) throws IOException {
        AtomicInteger done = new AtomicInteger();
        call(threads, () -> {
            IntStream.range(0, count).parallel().forEach(i -> {
                progress.checkCancelled();
                try {
                    item.run(i);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.update(stage, done.incrementAndGet(), count, "");
            });
            return count;
        });
    }

    /**
     * Waits for work on another thread.
     *
     * @param work the work
     * @param <T> what it gives
     * @return what it gave
     * @throws IOException what the work threw, or that the calling thread was interrupted
     */
    public static <T> T result(Future<T> work) throws IOException {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for other threads");
        } catch (ExecutionException e) {
            throw thrown(e);
        }
    }

    /** What the work threw: pools wrap it, and wrap it again where a worker waited for another. */
    private static IOException thrown(ExecutionException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return io;
            }
            if (cause instanceof CancellationException cancelled) {
                throw cancelled;
            }
        }
        if (e.getCause() instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(e.getCause());
    }

    /**
     * Stops threads and waits for the work that they have under way: after a failure the caller may free what it uses.
     *
     * @param pool the threads; work that has not begun is dropped, and work under way interrupted
     */
    public static void end(ExecutorService pool) {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("threads were still at work a minute after the stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
