package io.github.dinosplat.vulkan.sort;

import io.github.dinosplat.vulkan.DeviceBuffer;

/**
 * Two buffers of 32-bit words that belong together.
 *
 * @param keys what is sorted by
 * @param payloads what goes along
 */
public record KeysAndPayloads(DeviceBuffer keys, DeviceBuffer payloads) {}
