#version 460
// Sums before each block, in place, by one workgroup; and the sum of all.
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/block_scan.glsl"

layout(push_constant, scalar) uniform Push {
    Uints sums;
    UintsOut total;
    UintsIn count;
    uint capacity;
};

const uint BLOCK = 2048;
const uint PER_THREAD = 8;

void main() {
    uint n = min(count.at[0], capacity);
    uint blocks = n / BLOCK + (n % BLOCK == 0 ? 0 : 1);
    uint before = 0;
    for (uint first = 0; first < blocks; first += 256 * PER_THREAD) {
        uint mine[PER_THREAD];
        uint sum = 0;
        for (uint k = 0; k < PER_THREAD; k++) {
            uint i = first + gl_LocalInvocationIndex * PER_THREAD + k;
            mine[k] = 0;
            if (i < blocks) {
                mine[k] = sums.at[i];
            }
            sum += mine[k];
        }
        uint chunk;
        uint running = before + blockExclusiveSum(sum, chunk);
        for (uint k = 0; k < PER_THREAD; k++) {
            uint i = first + gl_LocalInvocationIndex * PER_THREAD + k;
            if (i < blocks) {
                sums.at[i] = running;
            }
            running += mine[k];
        }
        before += chunk;
    }
    if (gl_LocalInvocationIndex == 0) {
        total.at[0] = before;
    }
}
