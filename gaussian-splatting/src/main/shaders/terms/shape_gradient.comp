// For the term of shape, last of three: 1 less the correlation of rendered and predicted nearness in a block (after Zhu et al.
// 2024, "FSGS", eq. 7), and its gradient by the rendered one, added to that of the depth plane.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/photo.glsl"
#include "shared/sum.glsl"
#include "shared/blocks.glsl"

// Keeps the correlation of flat blocks from being that of noise: standard deviation by mean.
const float LEAST_SPREAD = 1e-3;

layout(push_constant, scalar) uniform Push {
    Step view;
    UintsIn photo;
    FloatsIn depth; // [height, width]
    FloatsIn predicted; // [2, height, width]
    FloatsIn means; // [blocks, 3, slices]
    FloatsIn spreads; // [blocks, 3, slices]
    Floats depthGradient; // [height, width]
    FloatsOut terms; // [blocks]
} push;

#include "shared/block_means.glsl"

void main() {
    uvec2 size = push.view.size;
    uvec2 grid = blockGrid(size);
    uint blocks = grid.x * grid.y;
    uint group = flatGroup();
    uint block = group / SLICES;
    uint slice = group % SLICES;
    if (block >= blocks) {
        return;
    }
    Means mean = meansOf(block);
    float least = LEAST_SPREAD * LEAST_SPREAD * mean.goal * mean.goal * mean.weight;
    float own = least + slicesOf(push.spreads, 3 * block);
    float goal = least + slicesOf(push.spreads, 3 * block + 1);
    float both = slicesOf(push.spreads, 3 * block + 2);
    bool known = mean.weight > 0.0 && own > 0.0 && goal > 0.0;
    float norm = known ? sqrt(own) * sqrt(goal) : 1.0;
    float correlation = both / norm;
    float factor = push.view.byShape / float(blocks);
    uint thread = gl_LocalInvocationID.x;
    if (slice == 0 && thread == 0) {
        push.terms.at[block] = known ? factor * (1.0 - correlation) : 0.0;
    }
    if (!known) {
        return;
    }
    Block b = blockAt(block, size);
    for (uint k = slice * 256 + thread; k < b.size.x * b.size.y; k += SLICES * 256) {
        uint at = pixelOf(b, k, size.x);
        float w = counts(push.photo.at[at]) ? push.predicted.at[size.x * size.y + at] : 0.0;
        float a = push.depth.at[at] - mean.own;
        float c = push.predicted.at[at] - mean.goal;
        push.depthGradient.at[at] -= factor * w * (c / norm - correlation * a / own);
    }
}
