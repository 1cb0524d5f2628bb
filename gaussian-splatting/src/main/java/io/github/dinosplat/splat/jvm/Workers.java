package io.github.dinosplat.splat.jvm;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that share out numbered items. A worker's number lets a task use scratch memory of its own;
 * results must depend on the item only. One thread at a time may call.
 *
 * <p>A step has a dozen stages of a millisecond, and to wake a thread takes a twentieth of one. So who waits looks for
 * work for a while before it sleeps; and nobody waits for a worker that did not come in time, as on a busy machine.
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

    /** How long to look for work before sleeping; between the stages of a step there is less. */
    private static final long LOOK_NANOS = 100_000;

    /** Of the gate: no worker may join any more. Below it, how many have; above it, number of the job. */
    private static final long CLOSED = 1 << 15;

    private static final int JOB_SHIFT = 16;

    private final int threads;
    private final boolean looks;
    private final Worker[] others;

    private final AtomicLong gate = new AtomicLong(CLOSED);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicReference<Thread> sleepingCaller = new AtomicReference<>();
    private volatile boolean stopped;

    /** Of the job at hand; written before the gate opens. */
    private int count;

    private Task task = (item, worker) -> {};

    Workers(int threads) {
        if (threads < 1 || threads >= CLOSED) {
            throw new IllegalArgumentException("threads must be from 1 to " + (CLOSED - 1) + " but was " + threads);
        }
        this.threads = threads;
        this.looks = threads <= Runtime.getRuntime().availableProcessors();
        this.others = new Worker[threads - 1];
        for (int w = 1; w < threads; w++) {
            others[w - 1] = new Worker(w);
            others[w - 1].start();
        }
    }

    int threads() {
        return threads;
    }

    /** Runs the task for items 0 to count less 1; returns when all are done. */
    void forEach(int items, Task work) {
        if (threads == 1 || items <= 1) {
            for (int i = 0; i < items; i++) {
                work.run(i, 0);
            }
            return;
        }
        count = items;
        task = work;
        next.set(0);
        left.set(0);
        failure.set(null);
        gate.set(((gate.get() >>> JOB_SHIFT) + 1) << JOB_SHIFT);
        for (int w = 0; w < Math.min(threads, items) - 1; w++) {
            others[w].wake();
        }
        try {
            drain(0);
        } finally {
            next.set(items);
            long joined = gate.getAndUpdate(g -> g | CLOSED) & CLOSED - 1;
            await((int) joined);
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException("a splatting stage failed", thrown);
        }
    }

    private void drain(int worker) {
        Task work = task;
        int items = count;
        for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
            work.run(i, worker);
        }
    }

    /** Waits until as many workers have left. */
    private void await(int joined) {
        long start = System.nanoTime();
        boolean interrupted = false;
        while (left.get() < joined) {
            if (looks && System.nanoTime() - start < LOOK_NANOS) {
                Thread.onSpinWait();
                continue;
            }
            sleepingCaller.set(Thread.currentThread());
            if (left.get() < joined) {
                LockSupport.park(this);
            }
            sleepingCaller.set(null);
            // The step must be whole or its state is lost: finish it, then tell the caller's caller.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A thread that joins jobs until it is told to stop. */
    private final class Worker extends Thread {

        private final int number;
        private final AtomicBoolean sleeps = new AtomicBoolean();

        Worker(int number) {
            super("splat-worker");
            this.number = number;
            setDaemon(true);
        }

        void wake() {
            if (sleeps.get()) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            long seen = -1;
            long start = System.nanoTime();
            while (!stopped) {
                long g = gate.get();
                boolean open = (g & CLOSED) == 0 && g >>> JOB_SHIFT != seen;
                if (open && gate.compareAndSet(g, g + 1)) {
                    seen = g >>> JOB_SHIFT;
                    work();
                    start = System.nanoTime();
                } else if (open || looks && System.nanoTime() - start < LOOK_NANOS) {
                    Thread.onSpinWait();
                } else {
                    rest(seen);
                }
            }
        }

        private void work() {
            try {
                drain(number);
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
                next.set(count);
            } finally {
                left.incrementAndGet();
                Thread caller = sleepingCaller.get();
                if (caller != null) {
                    LockSupport.unpark(caller);
                }
            }
        }

        /** Until there is another job than the last one, or no reason. */
        private void rest(long seen) {
            sleeps.set(true);
            long g = gate.get();
            if (!stopped && ((g & CLOSED) != 0 || g >>> JOB_SHIFT == seen)) {
                LockSupport.park(this);
            }
            sleeps.set(false);
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Worker other : others) {
            other.wake();
        }
    }
}
