// For the term of shape, first of three: sums over a slice of a block of the weights, and of rendered and predicted nearness
// by these.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/photo.glsl"
#include "shared/sum.glsl"
#include "shared/blocks.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    UintsIn photo;
    FloatsIn depth; // [height, width]
    FloatsIn predicted; // [2, height, width] nearness and weights
    FloatsOut means; // [blocks, 3, slices]
} push;

void main() {
    uvec2 size = push.view.size;
    uvec2 grid = blockGrid(size);
    uint group = flatGroup();
    uint block = group / SLICES;
    uint slice = group % SLICES;
    if (block >= grid.x * grid.y) {
        return;
    }
    Block b = blockAt(block, size);
    uint thread = gl_LocalInvocationID.x;
    vec3 sum = vec3(0.0);
    for (uint k = slice * 256 + thread; k < b.size.x * b.size.y; k += SLICES * 256) {
        uint at = pixelOf(b, k, size.x);
        float w = counts(push.photo.at[at]) ? push.predicted.at[size.x * size.y + at] : 0.0;
        sum += w * vec3(1.0, push.depth.at[at], push.predicted.at[at]);
    }
    for (uint k = 0; k < 3; k++) {
        float total = groupSum(sum[k]);
        if (thread == 0) {
            push.means.at[(3 * block + k) * SLICES + slice] = total;
        }
    }
}
