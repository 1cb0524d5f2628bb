// Moves the Gaussians' features by Adam, those that no pixel saw too. A thread has a number.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/adam.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    Floats features; // [count, channels]
    Floats first;
    Floats second;
    FloatsIn gradients; // [count, values], features last
    StatusIn status;
    uint count;
    uint channels;
    uint values;
} push;

void main() {
    uint at = flatInvocation();
    if (at >= push.count * push.channels || push.status.overflow != 0) {
        return;
    }
    uint end = (at / push.channels + 1) * push.values;
    float gradient = push.gradients.at[end - push.channels + at % push.channels];
    move(push.features, push.first, push.second, at, gradient, push.view.featuresStep, push.view.correctSecond);
}
