#version 460
// Sum of each block of 2048 values.
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/block_scan.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn values;
    UintsOut sums;
    UintsIn count;
    uint capacity;
};

const uint PER_THREAD = 8;
const uint BLOCK = 256 * PER_THREAD;

void main() {
    uint n = min(count.at[0], capacity);
    uint first = flatGroup() * BLOCK;
    uint sum = 0;
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = first + k * 256 + gl_LocalInvocationIndex;
        if (i < n) {
            sum += values.at[i];
        }
    }
    uint total;
    blockExclusiveSum(sum, total);
    if (gl_LocalInvocationIndex == 0 && first < n) {
        sums.at[flatGroup()] = total;
    }
}
