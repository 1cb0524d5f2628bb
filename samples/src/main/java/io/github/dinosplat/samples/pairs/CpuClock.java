package io.github.dinosplat.samples.pairs;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The processor time of this process, its compiler and collector included. */
final class CpuClock {

    private CpuClock() {}

    /** Seconds since the process began. */
    static double seconds() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() * 1e-9;
    }
}
