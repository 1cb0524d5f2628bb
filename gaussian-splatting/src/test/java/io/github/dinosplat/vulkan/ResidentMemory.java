package io.github.dinosplat.vulkan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory this process has, for tests of what may not grow. */
public final class ResidentMemory {

    private ResidentMemory() {}

    /** Resident bytes where the system tells, else 0; after a collection, since Java's own garbage may grow as it likes. */
    public static long bytes() throws IOException {
        System.gc();
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
