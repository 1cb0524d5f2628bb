// Puts into the step's block what is learnt besides the Gaussians, as it is on the device by now: the camera where the photo's
// has been moved to, the photo's colour map, the background. So no step has to wait for what the one before learnt.
#version 460
layout(local_size_x = 32) in; // of which one works
#include "shared/buffers.glsl"
#include "shared/step.glsl"
#include "shared/projection.glsl"
#include "shared/noise.glsl"
#include "shared/photos.glsl"

layout(push_constant, scalar) uniform Push {
    OpenStep view;
    FloatsIn photos; // [photos, 18]
    FloatsIn background; // [3, 3] colour and its two moments
} push;

// The camera sees x = turn (R p + t) + shift: its axes turn, and its centre moves by the shift, against the axes.
void placeCamera(uint at) {
    mat3 turned = rotationOf(quaternionOf(threeAt(push.photos, at + PHOTO_TURN)));
    mat3 axes = mat3(push.view.right, push.view.down, push.view.forward) * transpose(turned);
    push.view.right = axes[0];
    push.view.down = axes[1];
    push.view.forward = axes[2];
    push.view.centreRest -= axes * threeAt(push.photos, at + PHOTO_SHIFT);
}

vec4 mapRow(uint at) {
    return vec4(threeAt(push.photos, at), push.photos.at[at + 3]);
}

void main() {
    if (gl_GlobalInvocationID.x != 0) {
        return;
    }
    uint at = push.view.photo * PHOTO_STRIDE;
    if (push.view.posesStep > 0.0) {
        placeCamera(at);
    }
    if (push.view.coloursStep > 0.0) {
        push.view.mapRed = mapRow(at);
        push.view.mapGreen = mapRow(at + 4);
        push.view.mapBlue = mapRow(at + 8);
    }
    if (push.view.backgroundStep > 0.0) {
        push.view.background = threeAt(push.background, 0);
    }
}
