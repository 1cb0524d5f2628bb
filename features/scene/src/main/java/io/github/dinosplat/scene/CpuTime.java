package io.github.dinosplat.scene;

import java.lang.management.ManagementFactory;

/** The processor time of this process: all threads and native libraries, the JVM's compiler and collector included. */
public final class CpuTime {

    private CpuTime() {}

    /**
     * Processor time since the process began.
     *
     * @return seconds; NaN where the machine does not tell
     */
    public static double seconds() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine) {
            long nanos = machine.getProcessCpuTime();
            return nanos < 0 ? Double.NaN : nanos * 1e-9;
        }
        return Double.NaN;
    }
}
