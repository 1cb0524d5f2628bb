/**
 * The splat engine on the graphics card: {@link io.github.dinosplat.splat.gpu.VulkanEngine}. The stages are those of
 * {@code .splat.jvm}, each a compute shader in {@code src/main/shaders/splat}; here is what lays out their buffers and
 * records them. Knows {@code .splat}, {@code .vulkan} and, for the few
 * numbers that the host moves itself, {@code .splat.jvm}.
 */
@NullMarked
package io.github.dinosplat.splat.gpu;

import org.jspecify.annotations.NullMarked;
