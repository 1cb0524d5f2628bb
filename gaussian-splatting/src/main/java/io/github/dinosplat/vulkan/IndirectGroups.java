package io.github.dinosplat.vulkan;

/**
 * Arguments for indirect dispatches: a kernel of one invocation turns a number of items that only the device knows into
 * counts of workgroups, folded as {@link GroupCount} does.
 */
public final class IndirectGroups implements AutoCloseable {

    /** Push constants of {@code dispatch/groups}. */
    record Push(@Reads BufferRange count, @Writes DeviceBuffer arguments, int capacity, int perGroup, int limit) {
        static final KernelSource<Push> SOURCE = KernelSource.of("dispatch/groups", Push.class);
    }

    private final int perGroup;
    private final int limit;
    private final Scope scope;
    private final Kernel<Push> kernel;
    private final DeviceBuffer arguments;

    private IndirectGroups(VulkanContext context, String name, int perGroup, Scope scope) {
        this.perGroup = perGroup;
        this.limit = context.groupLimit();
        this.scope = scope;
        this.kernel = scope.add(context.kernel(Push.SOURCE));
        this.arguments = scope.add(context.buffer(name + ".groups", 3L * Integer.BYTES));
    }

    /**
     * Makes kernel and buffer.
     *
     * @param context device
     * @param name name for messages
     * @param perGroup items that one workgroup works on, positive
     * @return arguments, to be closed by the caller
     */
    public static IndirectGroups create(VulkanContext context, String name, int perGroup) {
        if (perGroup < 1) {
            throw new IllegalArgumentException("perGroup must be positive but was " + perGroup);
        }
        return Scope.allOrNothing(scope -> new IndirectGroups(context, name, perGroup, scope));
    }

    /**
     * Records the computation of the arguments.
     *
     * @param recorder recording
     * @param count number of items on the device
     * @param capacity most items that there is room for; a larger number is cut to it
     */
    public void record(Recorder recorder, DeviceCount count, int capacity) {
        recorder.dispatch(kernel, new Push(count.word(), arguments, capacity, perGroup, limit), new GroupCount(1, 1));
    }

    /** {@return the counts along x, y and z, three 32-bit words} */
    public DeviceBuffer arguments() {
        return arguments;
    }

    @Override
    public void close() {
        scope.close();
    }
}
