#version 460
// Moves keys and payloads of a block to their places: sorted by digit inside the block first, so that neighbours in memory
// are written by neighbours. The order of equal digits stays.
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/block_scan.glsl"
#include "shared/radix.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn keys;
    UintsIn payloads;
    UintsOut sortedKeys;
    UintsOut sortedPayloads;
    UintsIn histogram;
    UintsIn totals;
    UintsIn count;
    uint capacity;
    uint stride;
    uint shift;
    uint mask;
};

shared uint exchange[BLOCK + BLOCK / 32];
shared uint digitTarget[DIGITS]; // where the digit's first of this block goes, less its place in the sorted block

void turnColumnsIntoPlaces() {
    uint me = gl_LocalInvocationIndex;
    uint sum = 0;
    for (uint k = 0; k < 8; k++) {
        sum += columns[padded(me * 8 + k)];
    }
    uint total;
    uint running = blockExclusiveSum(sum, total);
    // Digits 8 to 15, in the upper halves, come after all of the lower ones.
    running += total << 16;
    for (uint k = 0; k < 8; k++) {
        uint word = columns[padded(me * 8 + k)];
        columns[padded(me * 8 + k)] = running;
        running += word;
    }
    barrier();
}

uint digitOf(uint key, uint i, uint n) {
    // What is beyond the end sorts last and is not written.
    return i < n ? (key >> shift) & mask : DIGITS - 1;
}

void main() {
    uint me = gl_LocalInvocationIndex;
    uint n = min(count.at[0], capacity);
    uint first = flatGroup() * BLOCK;
    uint valid = first < n ? min(BLOCK, n - first) : 0;
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        uint key = 0;
        if (i < valid) {
            key = keys.at[first + i];
        }
        exchange[padded(i)] = key;
    }
    clearColumns();
    barrier();
    uint mine[PER_THREAD];
    uint place[PER_THREAD];
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = me * PER_THREAD + k;
        mine[k] = exchange[padded(i)];
        place[k] = countDigit(digitOf(mine[k], i, valid));
    }
    barrier();
    turnColumnsIntoPlaces();
    for (uint k = 0; k < PER_THREAD; k++) {
        uint digit = digitOf(mine[k], me * PER_THREAD + k, valid);
        place[k] += (columns[column(digit)] >> halfShift(digit)) & 0xffff;
        exchange[padded(place[k])] = mine[k];
    }
    if (me < DIGITS) {
        uint target = 0;
        for (uint digit = 0; digit < me; digit++) {
            target += totals.at[digit];
        }
        if (valid > 0) {
            target += histogram.at[me * stride + flatGroup()];
        }
        uint start = (columns[padded((me & 7) * 256)] >> halfShift(me)) & 0xffff;
        digitTarget[me] = target - start;
    }
    barrier();
    uint target[PER_THREAD];
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        uint key = exchange[padded(i)];
        target[k] = digitTarget[(key >> shift) & mask] + i;
        if (i < valid) {
            sortedKeys.at[target[k]] = key;
        }
    }
    barrier();
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        uint payload = 0;
        if (i < valid) {
            payload = payloads.at[first + i];
        }
        exchange[padded(i)] = payload;
    }
    barrier();
    for (uint k = 0; k < PER_THREAD; k++) {
        mine[k] = exchange[padded(me * PER_THREAD + k)];
    }
    barrier();
    for (uint k = 0; k < PER_THREAD; k++) {
        exchange[padded(place[k])] = mine[k];
    }
    barrier();
    for (uint k = 0; k < PER_THREAD; k++) {
        uint i = k * 256 + me;
        if (i < valid) {
            sortedPayloads.at[target[k]] = exchange[padded(i)];
        }
    }
}
