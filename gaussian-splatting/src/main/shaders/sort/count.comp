#version 460
// How often each digit stands in each block of 2048 keys.
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/radix.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn keys;
    UintsOut histogram; // digit-major, stride words for each digit
    UintsIn count;
    uint capacity;
    uint stride;
    uint shift;
    uint mask;
};

shared uint partial[ROWS * 32];

void main() {
    uint me = gl_LocalInvocationIndex;
    uint n = min(count.at[0], capacity);
    uint first = flatGroup() * BLOCK;
    clearColumns();
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = first + k * 256 + me;
        if (i < n) {
            countDigit((keys.at[i] >> shift) & mask);
        }
    }
    barrier();
    uint sum = 0;
    for (uint k = 0; k < 8; k++) {
        sum += columns[padded(me * 8 + k)];
    }
    partial[me] = sum;
    barrier();
    if (me < DIGITS && first < n) {
        uint total = 0;
        for (uint k = 0; k < 32; k++) {
            total += (partial[(me & 7) * 32 + k] >> halfShift(me)) & 0xffff;
        }
        histogram.at[me * stride + flatGroup()] = total;
    }
}
