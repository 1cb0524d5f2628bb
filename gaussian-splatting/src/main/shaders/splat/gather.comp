// Adds up each Gaussian's hits in slot order; 16 threads share a Gaussian, each takes one of the sums, or two.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn hitCounts;
    UintsIn firstSlots;
    FloatsIn hitGradients; // [hits, values]
    FloatsOut gradients; // [count, values]; zero where nothing is hit
    StatusIn status;
    uint count;
    uint values;
} push;

void main() {
    uint i = flatGroup() * 16 + (gl_LocalInvocationID.x >> 4);
    if (i >= push.count || push.status.overflow != 0) {
        return;
    }
    uint hits = push.hitCounts.at[i];
    uint first = hits > 0 ? push.firstSlots.at[i] : 0;
    for (uint k = gl_LocalInvocationID.x & 15; k < push.values; k += 16) {
        float sum = 0.0;
        for (uint h = first; h < first + hits; h++) {
            sum += push.hitGradients.at[h * push.values + k];
        }
        push.gradients.at[i * push.values + k] = sum;
    }
}
