package io.github.dinosplat.splat.jvm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed number of threads that share out numbered items. A worker's number lets a task use scratch memory of its own;
 * results must depend on the item only.
 */
final class Workers implements AutoCloseable {

    /** Work on one item. */
    interface Task {
        /**
         * Does the work.
         *
         * @param item which item
         * @param worker number of the thread, from 0
         */
        void run(int item, int worker);
    }

    private final int threads;
    private final ExecutorService pool;

    Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
        }
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(Math.max(1, threads - 1), body -> {
            Thread thread = new Thread(body, "splat-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    int threads() {
        return threads;
    }

    /** Runs the task for items 0 to count less 1; returns when all are done. */
    void forEach(int count, Task task) {
        if (threads == 1 || count <= 1) {
            for (int i = 0; i < count; i++) {
                task.run(i, 0);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> others = new ArrayList<>(threads - 1);
        for (int w = 1; w < Math.min(threads, count); w++) {
            int worker = w;
            others.add(pool.submit(() -> drain(next, count, task, worker)));
        }
        try {
            drain(next, count, task, 0);
        } finally {
            next.set(count);
            await(others);
        }
    }

    private static void drain(AtomicInteger next, int count, Task task, int worker) {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            task.run(i, worker);
        }
    }

    private static void await(List<Future<?>> others) {
        boolean interrupted = false;
        for (Future<?> other : others) {
            while (true) {
                try {
                    other.get();
                    break;
                } catch (InterruptedException e) {
                    // The step must be whole or its state is lost: finish it, then tell the caller's caller.
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a splatting stage failed", e.getCause());
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
