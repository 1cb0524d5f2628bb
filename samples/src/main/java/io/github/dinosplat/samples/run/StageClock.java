package io.github.dinosplat.samples.run;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Wall and CPU time since it was made.
 *
 * <p>CPU time is that of the whole process, all threads and native libraries included.
 */
public final class StageClock {

    private final long startNanos = System.nanoTime();
    private final long startCpuNanos = cpuNanos();

    StageClock() {}

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    double cpuSeconds() {
        return (cpuNanos() - startCpuNanos) / 1e9;
    }

    /**
     * A duration to read: {@code 42 s}, {@code 3 min 07 s}, {@code 1 h 05 min}.
     *
     * @param seconds whole seconds
     * @return text
     */
    public static String words(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3_600, seconds / 60 % 60);
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                ? Math.max(0, os.getProcessCpuTime())
                : 0;
    }

    /** The most memory this process ever held: resident size where the system tells, else what the JVM has taken. */
    static long peakMemoryBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith("VmHWM:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseGet(StageClock::jvmBytes);
        } catch (java.io.IOException e) {
            return jvmBytes();
        }
    }

    private static long jvmBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .mapToLong(pool -> pool.getPeakUsage().getCommitted())
                .sum();
    }
}
