#version 460
// Faulty on purpose: writes through an address that stands in a buffer, so that the push constants do not show it.
layout(local_size_x = 1) in;
#include "shared/buffers.glsl"

layout(buffer_reference, scalar, buffer_reference_align = 8) readonly buffer Table { UintsOut at[]; };

layout(push_constant, scalar) uniform Push {
    Table table;
    uint value;
};

void main() {
    table.at[0].at[0] = value;
}
