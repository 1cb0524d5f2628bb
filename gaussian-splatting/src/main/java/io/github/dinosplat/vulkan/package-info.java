/**
 * A small runtime for compute shaders on Vulkan 1.2; it knows nothing about Gaussians.
 *
 * <h2>How a kernel is added</h2>
 *
 * <p>A kernel is a shader and a record, nothing else: there are no descriptor sets, buffers come by address.
 *
 * <ol>
 *   <li>{@code gaussian-splatting/src/main/shaders/demo/scale.comp}: the build compiles it, no list has to be kept. Variants by
 *       {@code #define} stand in {@code variants.txt}; prefer specialisation constants.
 *       <pre>{@code
 * #version 460
 * layout(local_size_x = 256) in;
 * #include "shared/buffers.glsl"
 * #include "shared/dispatch.glsl"
 * layout(push_constant, scalar) uniform Push {
 *     FloatsIn from;
 *     FloatsOut to;
 *     uint count;
 *     float factor;
 * };
 * void main() {
 *     uint i = flatInvocation();
 *     if (i < count) {
 *         to.at[i] = factor * from.at[i];
 *     }
 * }
 * }</pre>
 *   <li>The record of its push constants: the same members in the same order, {@code int} for {@code uint}; buffers say what is
 *       done with them, from which the barriers follow.
 *       <pre>{@code
 * record Scale(@Reads DeviceBuffer from, @Writes DeviceBuffer to, int count, float factor) {
 *     static final KernelSource<Scale> SOURCE = KernelSource.of("demo/scale", Scale.class);
 * }
 * }</pre>
 *   <li>Use:
 *       <pre>{@code
 * try (VulkanContext context = VulkanContext.open(ContextOptions.defaults());
 *         Kernel<Scale> scale = context.kernel(Scale.SOURCE);
 *         DeviceBuffer a = context.buffer("a", 4 * n);
 *         DeviceBuffer b = context.buffer("b", 4 * n)) {
 *     a.write(values);
 *     context.run("scale", r -> r.dispatch(scale, new Scale(a, b, n, 2f), GroupCount.forItems(n, 256)));
 *     float[] doubled = b.readFloats(n);
 * }
 * }</pre>
 *   <li>A test that the record fits the shader ({@code ShaderLayout.assertMatches} in the tests of this package), and one against
 *       a plain reference, in a {@link ContextOptions#checkWrites() checking} context.
 * </ol>
 *
 * <p>Inside a step nothing waits: parameters go in by {@link Recorder#update}, pictures by {@link Recorder#upload} from a
 * {@link HostBuffer}, numbers that only the device knows steer by {@link Recorder#dispatchIndirect}.
 *
 * <p>Rules for shaders: workgroups of at most 256, shared memory of at most 32 KiB, no 64-bit integers, no atomics on floats, any
 * subgroup size, at least 32 invocations in a workgroup (on software Vulkan, smaller ones mislead the checks of instrumented
 * shaders), no address that is null or outside its buffer in any branch (software devices load speculatively), no return
 * before a barrier.
 */
@NullMarked
package io.github.dinosplat.vulkan;

import org.jspecify.annotations.NullMarked;
