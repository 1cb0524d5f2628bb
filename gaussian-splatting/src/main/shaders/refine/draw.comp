// Draws the Gaussians that are copied, by systematic sampling: the weights lie end to end, are cut into as many parts as there
// are draws, and each part gives the Gaussian at a random place of it. The copies go where the dead are, then behind the last.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/noise.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn before; // [count] sum of the weights before each Gaussian
    UintsIn deadList; // [dead]
    UintsOut sources; // [draws] ascending
    UintsOut origins; // [count + draws - dead]
    uint count;
    uint draws;
    uint dead;
    uint total; // of the weights
    uint seedLow;
    uint seedHigh;
    uint iteration;
} push;

// The Gaussian in whose weight a place lies: the last one with no more than that before it.
uint atPlace(uint place) {
    uint low = 0;
    uint high = push.count - 1;
    while (low < high) {
        uint middle = high - (high - low) / 2;
        if (push.before.at[middle] <= place) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

void main() {
    uint k = flatInvocation();
    if (k >= push.draws) {
        return;
    }
    uint longer = push.total % push.draws; // so many parts have one unit more
    uint length_ = push.total / push.draws + (k < longer ? 1 : 0);
    uint begin = k * (push.total / push.draws) + min(k, longer);
    uint within;
    uint rest;
    umulExtended(hashOf(uvec2(push.seedLow, push.seedHigh), push.iteration, k).x, length_, within, rest);
    uint source = atPlace(min(push.total - 1, begin + within));
    push.sources.at[k] = source;
    uint slot = k < push.dead ? push.deadList.at[min(k, push.dead - 1)] : push.count + k - push.dead;
    push.origins.at[slot] = source | FRESH;
}
