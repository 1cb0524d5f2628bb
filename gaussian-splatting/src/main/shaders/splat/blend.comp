// Blends a tile's Gaussians over each other, nearest first (Kerbl et al. 2023, eq. 3): a work group is a tile, a thread
// is a pixel, splats come through shared memory.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    FloatsIn splats;
    UintsIn ranges; // [tiles, 2]
    UintsIn slots; // [hits] by tile, nearest first
    UintsIn slotGaussians; // [hits] by slot
    Vec4sOut picture; // [height, width] red, green, blue over the background, transmittance
    FloatsOut depth; // [height, width] sum of weight times depth
    UintsOut tileEnds; // [tiles] behind the last hit that any pixel of the tile looked at
} push;

shared vec4 conics[TILE_PIXELS]; // xx, xy, yy, log
shared vec4 colours[TILE_PIXELS]; // red, green, blue, depth
shared vec2 centres[TILE_PIXELS]; // relative to the tile
shared uint blocks[TILE_PIXELS];
shared uint open;
shared uint last;

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
    uint block = thread >> 4;
    uint begin = push.ranges.at[2 * tile];
    uint end = push.ranges.at[2 * tile + 1];

    bool unfinished = inside;
    float through = 1.0;
    vec4 sum = vec4(0.0);
    uint looked = begin;
    if (thread == 0) {
        last = begin;
    }
    for (uint first = begin; first < end; first += TILE_PIXELS) {
        barrier();
        if (thread == 0) {
            open = 0;
        }
        barrier();
        if (unfinished) {
            open = 1;
        }
        if (first + thread < end) {
            uint at = push.slotGaussians.at[push.slots.at[first + thread]] * SPLAT_STRIDE;
            vec2 centre = vec2(push.splats.at[at + SPLAT_X], push.splats.at[at + SPLAT_Y]) - vec2(corner);
            centres[thread] = centre;
            conics[thread] = vec4(push.splats.at[at + SPLAT_XX], push.splats.at[at + SPLAT_XY],
                    push.splats.at[at + SPLAT_YY], push.splats.at[at + SPLAT_LOG]);
            colours[thread] = vec4(push.splats.at[at + SPLAT_RED], push.splats.at[at + SPLAT_GREEN],
                    push.splats.at[at + SPLAT_BLUE], push.splats.at[at + SPLAT_BLENDED_DEPTH]);
            blocks[thread] = blocksOf(centre, vec2(push.splats.at[at + SPLAT_EX], push.splats.at[at + SPLAT_EY]));
        }
        barrier();
        if (open == 0) {
            break;
        }
        uint held = min(TILE_PIXELS, end - first);
        for (uint k = 0; unfinished && k < held; k++) {
            if ((blocks[k] >> block & 1) == 0) {
                continue;
            }
            vec2 d = here - centres[k];
            float exponent = exponentAt(d, conics[k]);
            if (exponent < MIN_EXPONENT) {
                continue;
            }
            float weight = weightOf(through, min(MAX_ALPHA, exp2(exponent)));
            float after = leftBehind(through, weight);
            looked = first + k + 1;
            if (after > MIN_TRANSMITTANCE) {
                sum += weight * colours[k];
                through = after;
            } else {
                unfinished = false;
            }
        }
    }
    barrier();
    atomicMax(last, looked);
    barrier();
    if (thread == 0) {
        push.tileEnds.at[tile] = last;
    }
    if (inside) {
        uint at = pixel.y * size.x + pixel.x;
        push.picture.at[at] = vec4(sum.rgb + through * v.background, through);
        push.depth.at[at] = sum.a;
    }
}
