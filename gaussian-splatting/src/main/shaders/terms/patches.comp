// The terms of features of one patch, which is a work group: 1 less the cosine between rendered and predicted features, and
// the squared differences of its row of the Gram matrix to the network's own; and their gradient by the rendered features.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/photo.glsl"
#include "shared/sum.glsl"
#include "shared/patches.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    UintsIn photo;
    FloatsIn target; // [patches, channels] features, then [patches, patches] the Gram matrix
    FloatsIn units; // [patches, channels]
    FloatsIn lengths; // [patches, 2]
    FloatsOut gradients; // [channels, height, width]
    FloatsOut terms; // [patches]
    uint rows;
    uint columns;
    uint channels;
} push;

// Adds the gradient by the patch's direction; gives the term.
float consistency(uint index, float own[MOST_CHANNELS], float weight, inout float by[MOST_CHANNELS]) {
    float square = 0.0;
    for (uint c = 0; c < push.channels; c++) {
        float goal = push.target.at[index * push.channels + c];
        square += goal * goal;
    }
    if (!(square > 0.0)) {
        return 0.0;
    }
    float dot_ = 0.0;
    for (uint c = 0; c < push.channels; c++) {
        float goal = push.target.at[index * push.channels + c] / sqrt(square);
        dot_ += goal * own[c];
        by[c] -= weight * goal;
    }
    return weight * (1.0 - dot_);
}

// Each pair counts from both sides, so the gradient by one side is twice that of its share.
float gram(uint index, uint patches, float own[MOST_CHANNELS], float weight, inout float by[MOST_CHANNELS]) {
    float sum = 0.0;
    float sums[MOST_CHANNELS];
    for (uint c = 0; c < MOST_CHANNELS; c++) {
        sums[c] = 0.0;
    }
    for (uint q = gl_LocalInvocationID.x; q < patches; q += 256) {
        if (push.lengths.at[2 * q + 1] > 0.0) {
            float off = -push.target.at[patches * push.channels + index * patches + q];
            for (uint c = 0; c < push.channels; c++) {
                off += own[c] * push.units.at[q * push.channels + c];
            }
            sum += off * off;
            for (uint c = 0; c < push.channels; c++) {
                sums[c] += off * push.units.at[q * push.channels + c];
            }
        }
    }
    for (uint c = 0; c < push.channels; c++) {
        by[c] += 4.0 * weight * groupSum(sums[c]);
    }
    return weight * groupSum(sum);
}

void main() {
    uint index = flatGroup();
    uint patches = push.rows * push.columns;
    if (index >= patches) {
        return;
    }
    float own[MOST_CHANNELS];
    float by[MOST_CHANNELS];
    for (uint c = 0; c < MOST_CHANNELS; c++) {
        own[c] = c < push.channels ? push.units.at[index * push.channels + c] : 0.0;
        by[c] = 0.0;
    }
    float length_ = push.lengths.at[2 * index];
    float pixels = push.lengths.at[2 * index + 1];
    float term = 0.0;
    if (pixels > 0.0) {
        term = consistency(index, own, push.view.byFeatures / float(patches), by);
        if (push.view.byGram > 0.0) {
            term += gram(index, patches, own, push.view.byGram / (float(patches) * float(patches)), by);
        }
    }
    uint thread = gl_LocalInvocationID.x;
    if (thread == 0) {
        push.terms.at[index] = term;
    }
    float along = 0.0;
    for (uint c = 0; c < push.channels; c++) {
        along += by[c] * own[c];
    }
    uvec2 size = push.view.size;
    Patch p = patchAt(index, uvec2(push.columns, push.rows), size);
    for (uint c = 0; c < push.channels; c++) {
        float value = (by[c] - along * own[c]) / (length_ * max(1.0, pixels));
        for (uint k = thread; k < p.size.x * p.size.y; k += 256) {
            uint at = pixelOf(p, k, size.x);
            push.gradients.at[c * size.x * size.y + at] = counts(push.photo.at[at]) ? value : 0.0;
        }
    }
}
