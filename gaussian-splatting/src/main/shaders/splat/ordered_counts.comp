// The hit counts in depth order; zero behind the last visible Gaussian.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn hitCounts;
    UintsIn order; // [visible] nearest first
    UintsOut ordered; // [count]
    StatusIn status;
    uint count;
} push;

void main() {
    uint rank = flatInvocation();
    if (rank < push.count) {
        push.ordered.at[rank] = rank < push.status.visible ? push.hitCounts.at[push.order.at[rank]] : 0;
    }
}
