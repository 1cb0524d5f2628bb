// The mean rendered features of each patch of the photo, as a direction and a length; a work group is a patch.
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
    FloatsIn planes; // [channels, height, width] rendered features
    FloatsOut units; // [patches, channels] mean over its length
    FloatsOut lengths; // [patches, 2] length, and how many pixels count
    uint rows;
    uint columns;
    uint channels;
} push;

float channelSum(Patch p, uint channel, uvec2 size) {
    float sum = 0.0;
    for (uint k = gl_LocalInvocationID.x; k < p.size.x * p.size.y; k += 256) {
        uint at = pixelOf(p, k, size.x);
        sum += counts(push.photo.at[at]) ? push.planes.at[channel * size.x * size.y + at] : 0.0;
    }
    return groupSum(sum);
}

float countedPixels(Patch p, uint width) {
    float sum = 0.0;
    for (uint k = gl_LocalInvocationID.x; k < p.size.x * p.size.y; k += 256) {
        sum += counts(push.photo.at[pixelOf(p, k, width)]) ? 1.0 : 0.0;
    }
    return groupSum(sum);
}

void main() {
    uint index = flatGroup();
    if (index >= push.rows * push.columns) {
        return;
    }
    uvec2 size = push.view.size;
    Patch p = patchAt(index, uvec2(push.columns, push.rows), size);
    float pixels = countedPixels(p, size.x);
    float means[MOST_CHANNELS];
    float square = LEAST_LENGTH * LEAST_LENGTH;
    for (uint c = 0; c < push.channels; c++) {
        means[c] = channelSum(p, c, size) / max(1.0, pixels);
        square += means[c] * means[c];
    }
    float length_ = sqrt(square);
    uint thread = gl_LocalInvocationID.x;
    if (thread < push.channels) {
        push.units.at[index * push.channels + thread] = means[thread] / length_;
    }
    if (thread == 0) {
        push.lengths.at[2 * index] = length_;
        push.lengths.at[2 * index + 1] = pixels;
    }
}
