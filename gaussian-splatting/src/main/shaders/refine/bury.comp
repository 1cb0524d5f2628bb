// Lists the dead in index order, and lets every Gaussian come from itself for the time being.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn dead; // [count]
    UintsIn places; // [count] how many dead come before
    UintsOut list; // [dead]
    UintsOut origins; // [count]
    uint count;
} push;

void main() {
    uint i = flatInvocation();
    if (i >= push.count) {
        return;
    }
    push.origins.at[i] = i;
    if (push.dead.at[i] != 0) {
        push.list.at[push.places.at[i]] = i;
    }
}
