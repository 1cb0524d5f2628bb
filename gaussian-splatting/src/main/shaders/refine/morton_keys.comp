// Keys of the Morton order (see MortonOrder): ten bits of each coordinate, interleaved.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/opacity.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn means; // [count, 3] before
    UintsIn origins; // [count]
    UintsOut keys; // [count]
    UintsOut order; // [count] 0, 1, 2, ...
    uint count;
    float lowX; // the first cell begins there
    float lowY;
    float lowZ;
    float perUnitX; // cells in a scene unit
    float perUnitY;
    float perUnitZ;
} push;

// Moves bit k of the lowest 10 to bit 3 k.
uint spread(uint x) {
    x = (x | x << 16) & 0x030000ff;
    x = (x | x << 8) & 0x0300f00f;
    x = (x | x << 4) & 0x030c30c3;
    return (x | x << 2) & 0x09249249;
}

void main() {
    uint i = flatInvocation();
    if (i >= push.count) {
        return;
    }
    uint at = 3 * (push.origins.at[i] & ~FRESH);
    vec3 mean = vec3(push.means.at[at], push.means.at[at + 1], push.means.at[at + 2]);
    vec3 cells = (mean - vec3(push.lowX, push.lowY, push.lowZ)) * vec3(push.perUnitX, push.perUnitY, push.perUnitZ);
    uvec3 cell = uvec3(clamp(cells, 0.0, 1023.0)) & 1023;
    push.keys.at[i] = spread(cell.x) | spread(cell.y) << 1 | spread(cell.z) << 2;
    push.order.at[i] = i;
}
