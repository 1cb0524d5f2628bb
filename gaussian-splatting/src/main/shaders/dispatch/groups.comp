#version 460
// How many workgroups a number of items needs, folded in two dimensions: the arguments of an indirect dispatch.
layout(local_size_x = 32) in; // of which one works
#include "shared/buffers.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn count;
    UintsOut arguments;
    uint capacity;
    uint perGroup;
    uint limit; // of groups along x
};

void main() {
    if (gl_LocalInvocationIndex != 0) {
        return;
    }
    uint items = min(count.at[0], capacity);
    uint groups = items / perGroup + (items % perGroup == 0 ? 0 : 1);
    uint rows = groups / limit + (groups % limit == 0 ? 0 : 1);
    arguments.at[0] = rows <= 1 ? groups : (groups + rows - 1) / rows;
    arguments.at[1] = rows;
    arguments.at[2] = 1;
}
