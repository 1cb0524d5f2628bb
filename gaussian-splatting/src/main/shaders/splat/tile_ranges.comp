// Where each tile's hits begin and end in the list sorted by tile. The ranges must be zero before.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"

layout(push_constant, scalar) uniform Push {
    UintsIn tiles; // [hits] ascending
    Uints ranges; // [tiles, 2] begin and end
    StatusIn status;
    uint tileCount;
    uint capacity;
} push;

void main() {
    uint hit = flatInvocation();
    uint hits = push.status.hits;
    if (hit >= push.capacity || hit >= hits) {
        return;
    }
    uint tile = push.tiles.at[hit];
    if (tile >= push.tileCount) {
        return;
    }
    if (hit == 0 || push.tiles.at[max(hit, 1u) - 1] != tile) {
        push.ranges.at[2 * tile] = hit;
    }
    if (hit == hits - 1 || push.tiles.at[min(hit + 1, hits - 1)] != tile) {
        push.ranges.at[2 * tile + 1] = hit + 1;
    }
}
