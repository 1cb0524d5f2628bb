// Sums of the centres' coordinates and of their squares, for each block of 2048 Gaussians; from them the host has mean and
// deviation.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/sum.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn means; // [count, 3] before
    UintsIn origins; // [count]
    FloatsOut sums; // [blocks, 6]
    uint count;
} push;

const uint BLOCK = 2048;

void main() {
    uint block = flatGroup();
    if (block >= (push.count + BLOCK - 1) / BLOCK) {
        return;
    }
    vec3 sum = vec3(0.0);
    vec3 squares = vec3(0.0);
    uint end = min(push.count, (block + 1) * BLOCK);
    for (uint i = block * BLOCK + gl_LocalInvocationIndex; i < end; i += 256) {
        uint at = 3 * (push.origins.at[i] & ~FRESH);
        vec3 mean = vec3(push.means.at[at], push.means.at[at + 1], push.means.at[at + 2]);
        sum += mean;
        squares += mean * mean;
    }
    for (uint axis = 0; axis < 3; axis++) {
        float total = groupSum(sum[axis]);
        float totalOfSquares = groupSum(squares[axis]);
        if (gl_LocalInvocationIndex == 0) {
            push.sums.at[6 * block + axis] = total;
            push.sums.at[6 * block + 3 + axis] = totalOfSquares;
        }
    }
}
