/** Sorting on the device. */
@NullMarked
package io.github.dinosplat.vulkan.sort;

import org.jspecify.annotations.NullMarked;
