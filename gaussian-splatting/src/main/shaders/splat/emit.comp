// Lists the tiles of each visible Gaussian, nearest Gaussian first. A hit's place in this list is its slot.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"
#include "shared/tilecover.glsl"

layout(push_constant, scalar) uniform Push {
    FloatsIn splats;
    UintsIn hitCounts;
    UintsIn order; // [visible]
    UintsIn starts; // [visible] first slot by rank
    UintsOut firstSlots; // [count] first slot by Gaussian
    UintsOut slotTiles; // [hits]
    UintsOut slots; // [hits] 0, 1, 2, ...
    UintsOut slotGaussians; // [hits]
    Floats hitGradients; // [hits, values]
    Status status;
    uint tilesX;
    uint tilesY;
    uint count;
    uint capacity;
    uint values;
} push;

void main() {
    uint rank = flatInvocation();
    if (rank >= push.count || push.status.overflow != 0 || rank >= push.status.visible) {
        return;
    }
    uint i = push.order.at[rank];
    uint slot = push.starts.at[rank];
    uint end = slot + push.hitCounts.at[i];
    if (end < slot || end > push.capacity) {
        // More hits than 32 bits can count: nothing may be written past the end.
        push.firstSlots.at[i] = 0;
        push.status.disagreements = 1;
        return;
    }
    push.firstSlots.at[i] = slot;
    uint at = i * SPLAT_STRIDE;
    float x = push.splats.at[at + SPLAT_X];
    float y = push.splats.at[at + SPLAT_Y];
    float ex = push.splats.at[at + SPLAT_EX];
    float ey = push.splats.at[at + SPLAT_EY];
    float slope = push.splats.at[at + SPLAT_SLOPE];
    float chord = push.splats.at[at + SPLAT_CHORD];
    Cover cover = coverOf(x, y, ex, ey, ivec2(push.tilesX, push.tilesY));
    bool agree = true;
    for (int row = cover.firstRow; row <= cover.lastRow; row++) {
        ivec2 columns = coverRow(cover, row, x, y, ex, ey, slope, chord);
        for (int column = columns.x; column <= columns.y; column++) {
            if (slot >= end) {
                agree = false;
                break;
            }
            push.slotTiles.at[slot] = uint(row) * push.tilesX + uint(column);
            push.slots.at[slot] = slot;
            push.slotGaussians.at[slot] = i;
            slot++;
        }
    }
    // Should a driver ever count more than it lists, the rest goes behind the last tile, where nothing looks.
    for (; slot < end; slot++) {
        agree = false;
        push.slotTiles.at[slot] = push.tilesX * push.tilesY;
        push.slots.at[slot] = slot;
        push.slotGaussians.at[slot] = i;
        for (uint k = 0; k < push.values; k++) {
            push.hitGradients.at[slot * push.values + k] = 0.0;
        }
    }
    if (!agree) {
        push.status.disagreements = 1;
    }
}
