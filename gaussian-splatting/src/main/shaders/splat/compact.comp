// Gathers the visible Gaussians with their depths, in index order, and counts them.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn hitCounts; // [count]
    UintsIn places; // [count] how many visible Gaussians come before each one
    FloatsIn splats;
    UintsOut keys; // [visible] bits of the depth, which is positive: they order as it does
    UintsOut order; // [visible]
    Status status;
    uint count;
} push;

void main() {
    uint i = flatInvocation();
    if (i >= push.count) {
        return;
    }
    bool seen = push.hitCounts.at[i] > 0;
    uint place = push.places.at[i];
    if (seen) {
        push.keys.at[place] = floatBitsToUint(push.splats.at[i * SPLAT_STRIDE + SPLAT_DEPTH]);
        push.order.at[place] = i;
    }
    if (i == push.count - 1) {
        push.status.visible = place + (seen ? 1 : 0);
    }
}
