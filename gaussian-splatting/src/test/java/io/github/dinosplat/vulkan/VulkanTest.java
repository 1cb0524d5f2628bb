package io.github.dinosplat.vulkan;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class that needs a Vulkan device; its tests take a {@link VulkanContext} as parameter, which all share. After each
 * test no handle may be left open and the validation layer must have said nothing. Without a device the tests are skipped
 * with one line, or fail if the environment variable {@code DINOSPLAT_REQUIRE_VULKAN} is 1.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("vulkan")
@ExtendWith(VulkanTestContext.class)
public @interface VulkanTest {}
