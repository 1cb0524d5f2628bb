package io.github.dinosplat.vulkan;

/**
 * Device time that passed until a timestamp.
 *
 * @param label label of the timestamp
 * @param nanos nanoseconds since the one before
 */
public record Timing(String label, long nanos) {}
