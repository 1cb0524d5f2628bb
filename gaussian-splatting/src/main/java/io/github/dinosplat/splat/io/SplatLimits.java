package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.nio.file.Path;

/** How many splats a file may announce before memory is taken for them. */
final class SplatLimits {

    /** So that the largest array, the spherical harmonics, stays within what a Java array holds. */
    private static final long MOST_SPLATS = Integer.MAX_VALUE / (3 * Gaussians.SH_COEFFICIENTS) - 8;

    private static final long BYTES_PER_SPLAT = 4L * (3 + 3 + 4 + 1 + 3 * Gaussians.SH_COEFFICIENTS);

    private SplatLimits() {}

    /** Refuses a count that is negative or needs more memory than this process can have. */
    static int require(Path file, long count) throws IOException {
        long most = Math.min(MOST_SPLATS, Runtime.getRuntime().maxMemory() / BYTES_PER_SPLAT);
        if (count < 0 || count > most) {
            throw new IOException(file + ": announces " + count + " splats but memory has room for " + most
                    + "; give Java more memory (-Xmx), or the file is damaged");
        }
        return (int) count;
    }
}
