#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn from;
    FloatsOut to;
    uint count;
    float factor;
};

void main() {
    uint i = flatInvocation();
    if (i < count) {
        to.at[i] = factor * from.at[i];
    }
}
