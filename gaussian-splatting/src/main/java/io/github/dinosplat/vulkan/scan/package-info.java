/** Prefix sums on the device. */
@NullMarked
package io.github.dinosplat.vulkan.scan;

import org.jspecify.annotations.NullMarked;
