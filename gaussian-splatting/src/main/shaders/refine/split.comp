// Gives every drawn Gaussian the opacity and scale with which it and its copies together look as it did (Kheradmand et al.
// 2024, eq. 9). The first of the draws of one Gaussian does it.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    Floats shapes; // [11, stride]
    UintsIn sources; // [draws] ascending
    UintsOut origins;
    uint draws;
    uint stride;
} push;

const uint MOST_COPIES = 51;

float power(float base, uint exponent) {
    float result = 1.0;
    for (uint left = exponent; left != 0; left >>= 1) {
        result *= (left & 1) != 0 ? base : 1.0;
        base *= base;
    }
    return result;
}

// The integral of what some Gaussians of one opacity at one place leave along a line, over that of one of opacity 1. The rule
// of trapezoids is exact to rounding here, where the paper's sum of binomials would cancel in 32 bits.
float blendedIntegral(float opacity, uint copies) {
    const float STEP = 1.0 / 12.0;
    float sum = 0.5 * (1.0 - power(1.0 - opacity, copies));
    for (uint k = 1; k < 64; k++) {
        float x = float(k) * STEP;
        sum += 1.0 - power(1.0 - opacity * exp(-x * x), copies);
    }
    return sum * (2.0 * STEP * 0.5641895835477563); // over the square root of pi
}

void main() {
    uint k = flatInvocation();
    if (k >= push.draws) {
        return;
    }
    uint i = push.sources.at[k];
    if (k > 0 && push.sources.at[max(k, 1u) - 1] == i) {
        return;
    }
    uint copies = 2;
    while (copies < MOST_COPIES && k + copies - 1 < push.draws && push.sources.at[k + copies - 1] == i) {
        copies++;
    }
    uint at = 10 * push.stride + i;
    float old = min(opacityOf(push.shapes.at[at]), MOST_OPACITY);
    // 1 - (1 - old)^(1 / copies); the logarithm of 1 - old from the logit, which loses nothing.
    float thinned = min(log(1.0 + exp(push.shapes.at[at])), 13.815511) / float(copies);
    float each = thinned < 0.02 ? thinned * (1.0 - thinned * (0.5 - thinned / 6.0)) : 1.0 - exp(-thinned);
    float kept = clamp(each, DEAD_OPACITY * 1.0001, MOST_OPACITY);
    push.shapes.at[at] = log(kept / (1.0 - kept));
    float logFactor = log(old / blendedIntegral(each, copies));
    for (uint axis = 0; axis < 3; axis++) {
        push.shapes.at[3 * push.stride + 3 * i + axis] += logFactor;
    }
    push.origins.at[i] = i | FRESH;
}
