// Decides whether all hits of the view have room; otherwise none is listed and the step will change nothing, nor will those
// that were submitted behind it, until the host has made room and starts them again.
#version 460
layout(local_size_x = 32) in; // of which one works
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn total; // [1] hits of the view
    Status status;
    Uints stalled; // [1] 1 from the first step on that had no room
    uint capacity;
} push;

void main() {
    if (gl_GlobalInvocationID.x != 0) {
        return;
    }
    uint needed = push.total.at[0];
    bool fits = push.stalled.at[0] == 0 && needed <= push.capacity;
    push.status.neededHits = needed;
    push.status.hits = fits ? needed : 0;
    push.status.overflow = fits ? 0 : 1;
    if (!fits) {
        push.stalled.at[0] = 1;
    }
}
