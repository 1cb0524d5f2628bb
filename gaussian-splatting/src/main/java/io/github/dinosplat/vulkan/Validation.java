package io.github.dinosplat.vulkan;

/** What the Khronos validation layer is asked to check. */
public enum Validation {
    /** Parameters, object lifetimes and the rules of the specification. */
    CORE,
    /** Also missing barriers, as far as the layer sees them: not through buffer addresses. */
    SYNCHRONISATION,
    /** Also accesses out of bounds, by instrumented shaders. */
    GPU_ASSISTED
}
