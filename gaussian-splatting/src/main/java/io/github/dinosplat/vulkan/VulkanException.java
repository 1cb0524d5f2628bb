package io.github.dinosplat.vulkan;

/**
 * A Vulkan call that did not succeed: which function, with which result, on which object, and what one can do about it.
 * Subclasses tell apart what a caller may want to go on from: no usable device at all
 * ({@link VulkanUnavailableException}), too little memory ({@link DeviceMemoryException}) and a device that is gone
 * ({@link DeviceLostException}).
 */
public class VulkanException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String function;
    private final String result;
    private final String object;
    private final String remedy;

    /**
     * An exception with its four parts, of which the message is made.
     *
     * @param function Vulkan function or step that failed, e.g. {@code vkAllocateMemory}
     * @param result symbolic name of the result, e.g. {@code VK_ERROR_OUT_OF_DEVICE_MEMORY}, or what was found
     * @param object name of the object it was about
     * @param remedy what to do about it, may be empty
     */
    public VulkanException(String function, String result, String object, String remedy) {
        super(function + " (" + object + "): " + result + (remedy.isEmpty() ? "" : "; " + remedy));
        this.function = function;
        this.result = result;
        this.object = object;
        this.remedy = remedy;
    }

    /** {@return the function or step that failed} */
    public String function() {
        return function;
    }

    /** {@return symbolic name of the result} */
    public String result() {
        return result;
    }

    /** {@return name of the object it was about} */
    public String object() {
        return object;
    }

    /** {@return what to do about it, empty if nothing can be said} */
    public String remedy() {
        return remedy;
    }
}
