#version 460
// Sums before each value, from the sums before its block.
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/block_scan.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn values;
    UintsIn sums;
    UintsOut scanned;
    UintsIn count;
    uint capacity;
};

const uint PER_THREAD = 8;
const uint BLOCK = 256 * PER_THREAD;

// Values change between the order of memory and that of their owners here; the padding avoids bank conflicts.
shared uint exchange[BLOCK + BLOCK / 32];

uint padded(uint i) {
    return i + (i >> 5);
}

void main() {
    uint me = gl_LocalInvocationIndex;
    uint n = min(count.at[0], capacity);
    uint first = flatGroup() * BLOCK;
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        uint value = 0;
        if (first + i < n) {
            value = values.at[first + i];
        }
        exchange[padded(i)] = value;
    }
    barrier();
    uint sum = 0;
    for (uint k = 0; k < PER_THREAD; k++) {
        sum += exchange[padded(me * PER_THREAD + k)];
    }
    uint total;
    uint running = blockExclusiveSum(sum, total);
    if (first < n) {
        running += sums.at[flatGroup()];
    }
    for (uint k = 0; k < PER_THREAD; k++) {
        uint at = padded(me * PER_THREAD + k);
        uint value = exchange[at];
        exchange[at] = running;
        running += value;
    }
    barrier();
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        if (first + i < n) {
            scanned.at[first + i] = exchange[padded(i)];
        }
    }
}
