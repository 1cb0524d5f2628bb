package io.github.dinosplat.vulkan;

/** The device is gone: every later call on its context throws this exception, only closing still works. */
public final class DeviceLostException extends VulkanException {

    private static final long serialVersionUID = 1L;

    DeviceLostException(String function, String result, String object, String remedy) {
        super(function, result, object, remedy);
    }
}
