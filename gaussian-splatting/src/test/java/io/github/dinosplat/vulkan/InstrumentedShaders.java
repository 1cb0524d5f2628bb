package io.github.dinosplat.vulkan;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a context that a {@link VulkanTest} takes: one whose shaders are instrumented by the validation layer, so that every
 * access out of bounds is reported. Such shaders take seconds to build: for small ones, once each.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface InstrumentedShaders {}
