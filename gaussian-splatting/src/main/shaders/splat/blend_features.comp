// Blends up to four feature channels of a tile's Gaussians by the very weights that their colours got in splat/blend: the same
// walk once more, up to the last hit that counted.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    FloatsIn splats;
    FloatsIn features; // [count, channels]
    UintsIn ranges; // [tiles, 2]
    UintsIn slots; // [hits] by tile, nearest first
    UintsIn slotGaussians; // [hits] by slot
    UintsIn tileEnds; // [tiles]
    FloatsOut plane; // [channels, height, width]
    uint channels;
    uint first; // of the channels blended here
} push;

shared vec4 conics[TILE_PIXELS];
shared vec4 values[TILE_PIXELS];
shared vec2 centres[TILE_PIXELS];

void main() {
    uint tile = flatGroup();
    Step v = push.view;
    uvec2 tiles = v.tiles;
    uvec2 size = v.size;
    if (tile >= tiles.x * tiles.y) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    uvec2 corner = uvec2(tile % tiles.x, tile / tiles.x) * TILE;
    uvec2 local = tilePixel(thread);
    uvec2 pixel = corner + local;
    bool inside = all(lessThan(pixel, size));
    vec2 here = vec2(local) + 0.5;
    uint end = push.tileEnds.at[tile];
    bool unfinished = inside;
    float through = 1.0;
    vec4 sum = vec4(0.0);
    for (uint from = push.ranges.at[2 * tile]; from < end; from += TILE_PIXELS) {
        barrier();
        if (from + thread < end) {
            uint gaussian = push.slotGaussians.at[push.slots.at[from + thread]];
            uint at = gaussian * SPLAT_STRIDE;
            centres[thread] = vec2(push.splats.at[at + SPLAT_X], push.splats.at[at + SPLAT_Y]) - vec2(corner);
            conics[thread] = vec4(push.splats.at[at + SPLAT_XX], push.splats.at[at + SPLAT_XY],
                    push.splats.at[at + SPLAT_YY], push.splats.at[at + SPLAT_LOG]);
            for (uint c = 0; c < 4; c++) {
                uint channel = min(push.first + c, push.channels - 1);
                values[thread][c] = push.features.at[gaussian * push.channels + channel];
            }
        }
        barrier();
        uint held = min(TILE_PIXELS, end - from);
        for (uint k = 0; unfinished && k < held; k++) {
            float exponent = exponentAt(here - centres[k], conics[k]);
            if (exponent < MIN_EXPONENT) {
                continue;
            }
            float weight = weightOf(through, min(MAX_ALPHA, exp2(exponent)));
            float after = leftBehind(through, weight);
            if (after > MIN_TRANSMITTANCE) {
                sum += weight * values[k];
                through = after;
            } else {
                unfinished = false;
            }
        }
    }
    if (inside) {
        for (uint c = 0; c < 4 && push.first + c < push.channels; c++) {
            push.plane.at[((push.first + c) * size.y + pixel.y) * size.x + pixel.x] = sum[c];
        }
    }
}
