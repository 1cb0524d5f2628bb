package io.github.dinosplat.vulkan;

/** Makes a device count as lost, for tests of what its users do then. */
public final class LostDevice {

    private LostDevice() {}

    /**
     * From now on whatever is asked of the device fails as it does when a card is gone. A lost device does nothing any
     * more, so this one is waited for.
     */
    public static void lose(VulkanContext context) {
        context.await();
        context.lose();
    }
}
