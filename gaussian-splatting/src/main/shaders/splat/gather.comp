// Adds up each Gaussian's hits in slot order; 16 threads share a Gaussian, each takes one of the ten sums.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn hitCounts;
    UintsIn firstSlots;
    FloatsIn hitGradients; // [hits, 10]
    FloatsOut gradients; // [count, 10]; zero where nothing is hit
    StatusIn status;
    uint count;
} push;

void main() {
    uint i = flatGroup() * 16 + (gl_LocalInvocationID.x >> 4);
    uint k = gl_LocalInvocationID.x & 15;
    if (i >= push.count || k >= HIT_VALUES || push.status.overflow != 0) {
        return;
    }
    float sum = 0.0;
    uint hits = push.hitCounts.at[i];
    uint at = (hits > 0 ? push.firstSlots.at[i] : 0) * HIT_VALUES + k;
    for (uint h = 0; h < hits; h++) {
        sum += push.hitGradients.at[at + h * HIT_VALUES];
    }
    push.gradients.at[i * HIT_VALUES + k] = sum;
}
