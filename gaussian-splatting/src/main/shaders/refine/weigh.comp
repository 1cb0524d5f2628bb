// The chance of each Gaussian to be drawn, as an integer in proportion to its opacity, so that sums are exact; 0 for the dead.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn logits; // [count]
    UintsOut weights; // [count]
    UintsOut dead; // [count] 1 for the dead
    uint count;
    float unit; // weight of opacity 1: the largest with which all weights together fit into 32 bits
} push;

void main() {
    uint i = flatInvocation();
    if (i >= push.count) {
        return;
    }
    float opacity = opacityOf(push.logits.at[i]);
    bool alive = opacity > DEAD_OPACITY;
    push.weights.at[i] = alive ? max(1u, uint(opacity * push.unit)) : 0;
    push.dead.at[i] = alive ? 0 : 1;
}
