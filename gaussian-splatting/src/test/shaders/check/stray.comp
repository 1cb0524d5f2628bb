#version 460
// Faulty on purpose: writes where it has no business, an amount of words away from what it was given.
layout(local_size_x = 1) in;
#include "shared/buffers.glsl"

layout(push_constant, scalar) uniform Push {
    UintsOut to;
    uint away;
    uint value;
};

void main() {
    to.at[away] = value;
}
