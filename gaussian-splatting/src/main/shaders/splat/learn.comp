// Moves what is learnt besides the Gaussians by Adam: the photo's colour map, the motion of its camera, the background.
#version 460
layout(local_size_x = 32) in;
#include "shared/buffers.glsl"
#include "shared/step.glsl"
#include "shared/projection.glsl"
#include "shared/noise.glsl"
#include "shared/photos.glsl"
#include "shared/adam.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    Status status;
    Floats photos; // [photos, 18]
    Floats first; // [photos, 18]
    Floats second; // [photos, 18]
    Floats background; // [3, 3] colour and its two moments
} push;

shared float squares[PHOTO_COLOURS];

float gradientAt(uint row) {
    vec2 sum = push.status.sums[row];
    return sum.x + sum.y;
}

// One number of the colour map, which is drawn to the identity; leaves the square of its distance.
void moveColour(uint k) {
    uint at = push.view.photo * PHOTO_STRIDE + k;
    float off = push.photos.at[at] - identityOf(k);
    squares[k] = off * off;
    float gradient = gradientAt(SUM_MAP + k) + COLOUR_PENALTY * off;
    move(push.photos, push.first, push.second, at, gradient, push.view.coloursStep, push.view.correctSecondOfPhoto);
}

void writePenalty() {
    float sum = 0.0;
    for (uint k = 0; k < PHOTO_COLOURS; k++) {
        sum += squares[k];
    }
    push.status.sums[SUM_PENALTY] = vec2(0.5 * COLOUR_PENALTY * sum, 0.0);
}

// Adam's step from no motion at all, for the gradient is that by a further motion; rotation first.
float motionStep(uint at, uint k) {
    float gradient = gradientAt(SUM_POSE + (k + 3) % 6);
    Moved p = moved(Moved(0.0, push.first.at[at + k], push.second.at[at + k]), gradient, push.view.posesStep,
            push.view.correctSecondOfPhoto);
    push.first.at[at + k] = p.first;
    push.second.at[at + k] = p.second;
    return p.value;
}

void moveCamera() {
    uint at = push.view.photo * PHOTO_STRIDE + PHOTO_TURN;
    float further[6];
    for (uint k = 0; k < 6; k++) {
        further[k] = motionStep(at, k);
    }
    vec4 turned = quaternionOf(vec3(further[0], further[1], further[2]));
    vec3 shift = rotationOf(turned) * threeAt(FloatsIn(push.photos), at + 3)
            + vec3(further[3], further[4], further[5]);
    vec3 rotation = rotationVectorOf(after(turned, quaternionOf(threeAt(FloatsIn(push.photos), at))));
    for (uint k = 0; k < 3; k++) {
        push.photos.at[at + k] = rotation[k];
        push.photos.at[at + 3 + k] = shift[k];
    }
}

void moveBackground(uint k) {
    Moved p = moved(Moved(push.background.at[k], push.background.at[3 + k], push.background.at[6 + k]),
            gradientAt(SUM_BACKGROUND + k), push.view.backgroundStep, push.view.correctSecond);
    push.background.at[k] = p.value;
    push.background.at[3 + k] = p.first;
    push.background.at[6 + k] = p.second;
}

void main() {
    if (push.status.overflow != 0) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    bool colours = push.view.coloursStep > 0.0;
    if (colours && thread < PHOTO_COLOURS) {
        moveColour(thread);
    }
    barrier();
    if (colours && thread == 0) {
        writePenalty();
    }
    if (push.view.posesStep > 0.0 && thread == 0) {
        moveCamera();
    }
    if (push.view.backgroundStep > 0.0 && thread < 3) {
        moveBackground(thread);
    }
}
