// Adds up the groups' sums of a step, each with what rounding leaves over, in a fixed order.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn sums; // [rows, groups]
    Status status;
    uint groups;
    uint first; // which of the status' sums the first row is
    uint rows; // a bit for each row that was written
} push;

shared vec2 parts[256];

// Adds a value to a sum kept as two floats (Knuth's two-sum).
vec2 plus(vec2 sum, float value) {
    precise float high = sum.x + value;
    precise float back = high - sum.x;
    precise float rest = (sum.x - (high - back)) + (value - back);
    precise float low = sum.y + rest;
    return vec2(high, low);
}

void main() {
    uint thread = gl_LocalInvocationID.x;
    uint row = gl_WorkGroupID.x;
    if (push.first + row >= SUMS) {
        return;
    }
    vec2 sum = vec2(0.0);
    if ((push.rows >> row & 1) != 0) {
        for (uint group = thread; group < push.groups; group += 256) {
            sum = plus(sum, push.sums.at[row * push.groups + group]);
        }
    }
    parts[thread] = sum;
    for (uint reach = 128; reach > 0; reach >>= 1) {
        barrier();
        if (thread < reach) {
            parts[thread] = plus(plus(parts[thread], parts[thread + reach].x), parts[thread + reach].y);
        }
    }
    if (thread == 0) {
        push.status.sums[push.first + row] = parts[0];
    }
}
