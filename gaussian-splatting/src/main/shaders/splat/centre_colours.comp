// Moves all photos' colour maps by the same amount so that their mean is the identity: pictures then look like the average
// photo. A work group is a number of the map, and a thread reads and writes the same photos.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/noise.glsl"
#include "shared/photos.glsl"
#include "shared/sum.glsl"

layout(push_constant, scalar) uniform Push {
    StatusIn status;
    Floats photos; // [count, 18]
    uint count;
} push;

void main() {
    uint k = flatGroup();
    if (push.status.overflow != 0 || k >= PHOTO_COLOURS) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    float off = 0.0;
    for (uint photo = thread; photo < push.count; photo += 256) {
        off += push.photos.at[photo * PHOTO_STRIDE + k] - identityOf(k);
    }
    float surplus = groupSum(off) / float(push.count);
    for (uint photo = thread; photo < push.count; photo += 256) {
        push.photos.at[photo * PHOTO_STRIDE + k] -= surplus;
    }
}
