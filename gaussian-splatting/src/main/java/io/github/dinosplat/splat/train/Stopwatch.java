package io.github.dinosplat.splat.train;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall time and the process's CPU time between a start and a stop. */
final class Stopwatch {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private long wall;
    private long cpu;

    void start() {
        wall = System.nanoTime();
        cpu = SYSTEM.getProcessCpuTime();
    }

    /** Adds the time since the start to a run's account. */
    void stopInto(Ledger ledger) {
        ledger.addTime(System.nanoTime() - wall, SYSTEM.getProcessCpuTime() - cpu);
    }
}
