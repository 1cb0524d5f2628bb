package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.CpuTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** Wall time and the whole process's CPU time since it was made. */
public final class StageClock {

    private final long startNanos = System.nanoTime();
    private final double startCpuSeconds = CpuTime.seconds();

    StageClock() {}

    /** Puts the times into a stage's record; null for a CPU time that the machine does not tell. */
    void stop(ObjectNode record) {
        record.put("seconds", (System.nanoTime() - startNanos) / 1e9);
        Json.put(record, "cpu_seconds", CpuTime.seconds() - startCpuSeconds);
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

    /** The most memory this process ever held: resident size where the system tells, else what the JVM has taken. */
    static long peakMemoryBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(l -> l.startsWith("VmHWM:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElseGet(StageClock::jvmBytes);
        } catch (IOException e) {
            return jvmBytes();
        }
    }

    private static long jvmBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .mapToLong(pool -> pool.getPeakUsage().getCommitted())
                .sum();
    }
}
