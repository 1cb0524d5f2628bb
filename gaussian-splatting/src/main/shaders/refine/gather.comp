// Puts one part of all Gaussians, some words each, into the new order. Every thread moves a word.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn from; // [before, width]
    UintsOut to; // [count, width]
    UintsIn order; // [count]
    UintsIn origins; // [count]
    uint count;
    uint width;
    uint clears; // 1 for moments, which are zero for what is fresh
} push;

void main() {
    uint word = flatInvocation();
    if (word >= push.count * push.width) {
        return;
    }
    uint origin = push.origins.at[push.order.at[word / push.width]];
    uint value = push.from.at[(origin & ~FRESH) * push.width + word % push.width];
    push.to.at[word] = push.clears != 0 && (origin & FRESH) != 0 ? 0 : value;
}
