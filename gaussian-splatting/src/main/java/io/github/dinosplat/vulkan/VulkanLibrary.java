package io.github.dinosplat.vulkan;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lwjgl.system.Configuration;
import org.lwjgl.vulkan.VK;

/**
 * Loads the Vulkan loader, once in a process. LWJGL would do so in a static initialiser, where a missing library makes a
 * class unusable for good; done explicitly it is an ordinary answer.
 */
final class VulkanLibrary {

    private static @Nullable Optional<String> failure;

    private VulkanLibrary() {}

    /** Loads the library if this was not done yet. Why it can't be, or empty if it is there. */
    @SuppressWarnings("OptionalAssignedToNull") // null is "not tried yet"
    static synchronized Optional<String> load() {
        if (failure == null) {
            failure = tryLoad();
        }
        return failure;
    }

    private static Optional<String> tryLoad() {
        try {
            if (Configuration.DEBUG_STREAM.get() == null) {
                // LWJGL would print each name that it tries in vain.
                Configuration.DEBUG_STREAM.set(
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            }
            Configuration.VULKAN_EXPLICIT_INIT.set(true);
            VK.create();
            return Optional.empty();
        } catch (LinkageError e) {
            String message = String.valueOf(e.getMessage());
            return Optional.of(
                    "no Vulkan loader (" + message.lines().findFirst().orElse("") + ")");
        }
    }
}
