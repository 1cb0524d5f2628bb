package io.github.dinosplat.scene.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where tests find real photo sets: folders below the system property {@code dinosplat.data}. A test whose set is absent
 * skips with {@link #absence(String)} as its reason, unless the environment variable {@code DINOSPLAT_REQUIRE_DATA} is 1:
 * then the absence is a failure, so that a green run can't mean that nothing ran.
 *
 * <pre>{@code
 * Optional<Path> folder = RealData.folder("sceaux-castle");
 * assumeTrue(folder.isPresent(), RealData.absence("sceaux-castle"));
 * }</pre>
 */
public final class RealData {

    private RealData() {}

    /**
     * The folder of a photo set.
     *
     * @param set name of the set, e.g. {@code "sceaux-castle"}
     * @return folder, or empty when there is none
     * @throws IllegalStateException if there is none and {@code DINOSPLAT_REQUIRE_DATA} is 1
     */
    public static Optional<Path> folder(String set) {
        String root = System.getProperty("dinosplat.data", "");
        Path folder = Path.of(root).resolve(set);
        if (!root.isEmpty() && Files.isDirectory(folder)) {
            return Optional.of(folder);
        }
        if ("1".equals(System.getenv("DINOSPLAT_REQUIRE_DATA"))) {
            throw new IllegalStateException(absence(set) + ", and DINOSPLAT_REQUIRE_DATA is 1");
        }
        return Optional.empty();
    }

    /**
     * Why a test on a set is skipped.
     *
     * @param set name of the set
     * @return reason, the same words for every set but its name
     */
    public static String absence(String set) {
        String root = System.getProperty("dinosplat.data", "");
        return "no real photos: " + set + " is not in " + (root.isEmpty() ? "any folder" : root)
                + " (set -Ddinosplat.data)";
    }
}
