package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Independent pieces of work on several threads. */
final class Parallel {

    private Parallel() {}

    /** Work on one item. */
    @FunctionalInterface
    interface Item {
        void run(int index) throws IOException;
    }

    /**
     * Does the work of every item, on at most so many threads.
     *
     * @throws IOException the first failure of an item
     * @throws java.util.concurrent.CancellationException if the progress asks to stop
     */
    static void forEach(String stage, int count, int threads, Progress progress, Item item) throws IOException {
        AtomicInteger done = new AtomicInteger();
        ForkJoinPool pool = new ForkJoinPool(threads);
        try {
            pool.submit(() -> IntStream.range(0, count).parallel().forEach(i -> {
                        progress.checkCancelled();
                        try {
                            item.run(i);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        progress.update(stage, done.incrementAndGet(), count, "");
                    }))
                    .get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(stage + " was interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private static IOException unwrapped(ExecutionException failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof IOException)) {
            root = root.getCause();
        }
        if (root instanceof IOException e) {
            return e;
        }
        if (root instanceof RuntimeException e) {
            throw e;
        }
        if (root instanceof Error e) {
            throw e;
        }
        return new IOException(root);
    }
}
