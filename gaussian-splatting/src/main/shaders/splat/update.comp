// The last stage of a step, fused: from the screen back to a Gaussian's parameters, penalties, Adam, the noise of 3DGS-MCMC
// (Kheradmand et al. 2024, eq. 8 and 9), statistics, and a group's share of the gradient by the pose of the view. Every
// Gaussian is moved, seen or not. A thread has a Gaussian; their coefficients of colour are moved by all threads together,
// for memory is then read and written in one stretch.
#version 460
layout(local_size_x = 64) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"
#include "shared/harmonics.glsl"
#include "shared/projection.glsl"
#include "shared/noise.glsl"
#include "shared/colours.glsl"
#include "shared/adam.glsl"
#include "shared/shape_gradient.glsl"

const uint GROUP = 64;
const uint SH_ROW = SH + 1; // one more, against bank conflicts

layout(push_constant, scalar) uniform Push {
    Step view;
    Floats shapes; // [11, stride]
    Coefficients sh; // [stride, 16, 3]
    Floats firstShapes;
    Coefficients firstSh;
    Floats secondShapes;
    Coefficients secondSh;
    FloatsIn splats;
    UintsIn hitCounts;
    FloatsIn gradients; // [count, values]
    Floats gradientNormSums; // [stride]
    Uints visibleSteps; // [stride]
    FloatsOut poseSums; // [6, groups]
    StatusIn status;
    uint count;
    uint stride;
    uint values; // sums of a hit
    uint absolute; // 1 where the statistics are of absolute gradients
} push;

shared float coefficients[GROUP * SH_ROW];
shared vec3 byColour[GROUP];
shared float basis[GROUP * 17];

Hit hitOf(uint i) {
    uint at = i * push.values;
    Hit hit;
    hit.moment = push.gradients.at[at];
    hit.moments1 = vec2(push.gradients.at[at + 1], push.gradients.at[at + 2]);
    hit.moments2 = vec3(push.gradients.at[at + 3], push.gradients.at[at + 4], push.gradients.at[at + 5]);
    hit.colour = vec3(push.gradients.at[at + 6], push.gradients.at[at + 7], push.gradients.at[at + 8]);
    hit.depth = push.gradients.at[at + 9];
    hit.absolute = push.absolute != 0;
    hit.pulls = hit.absolute ? vec2(push.gradients.at[at + HIT_PULLS], push.gradients.at[at + HIT_PULLS + 1]) : vec2(0.0);
    return hit;
}

Seen seenOf(uint i) {
    uint at = i * SPLAT_STRIDE;
    Seen seen;
    seen.conic = -1.0 / LOG2_E
            * vec3(2.0 * push.splats.at[at + SPLAT_XX], push.splats.at[at + SPLAT_XY], 2.0 * push.splats.at[at + SPLAT_YY]);
    seen.opacity = push.splats.at[at + SPLAT_OPACITY];
    return seen;
}

// Leaves what the coefficients need; adds the gradient by the colour through the viewing direction.
void addColour(uint i, Shape s, vec3 byShown, inout ShapeGradient g) {
    Step v = push.view;
    uint at = i * SPLAT_STRIDE;
    vec3 shown = vec3(push.splats.at[at + SPLAT_RED], push.splats.at[at + SPLAT_GREEN], push.splats.at[at + SPLAT_BLUE]);
    vec3 colour = mix(vec3(0.0), byShown, greaterThan(shown, vec3(0.0)));
    uint thread = gl_LocalInvocationID.x;
    vec3 offset = offsetOf(s.mean, v);
    vec3 direction = directionOf(offset, v);
    float y[16];
    shBasis(v.degree, direction, y);
    float weights[16];
    for (uint n = 0; n < 16; n++) {
        uint from = thread * SH_ROW + 3 * n;
        weights[n] = n < shCount(v.degree)
                ? dot(colour, vec3(coefficients[from], coefficients[from + 1], coefficients[from + 2]))
                : 0.0;
        basis[thread * 17 + n] = y[n];
    }
    byColour[thread] = colour;
    vec3 byDirection = shGradient(direction, weights);
    if (v.parallel != 0) {
        // The direction is the camera's own axis, which turns with it.
        g.turn += vec3(dot(v.down, byDirection), -dot(v.right, byDirection), 0.0);
    } else {
        g.mean += (byDirection - dot(byDirection, direction) * direction) * inversesqrt(dot(offset, offset));
    }
}

void addPenalties(Shape s, inout ShapeGradient g) {
    if (push.view.opacityPenalty > 0.0) {
        float o = 1.0 / (1.0 + exp(-s.logit));
        g.logit += push.view.opacityPenalty * o * (1.0 - o);
    }
    if (push.view.scalePenalty > 0.0) {
        g.logScale += push.view.scalePenalty * exp(s.logScale);
    }
}

void moveShape(uint i, ShapeGradient g) {
    Step p = push.view;
    for (uint k = 0; k < 3; k++) {
        move(push.shapes, push.firstShapes, push.secondShapes, 3 * i + k, g.mean[k], p.meansStep, p.correctSecond);
        move(push.shapes, push.firstShapes, push.secondShapes, 3 * (push.stride + i) + k, g.logScale[k],
                p.logScalesStep, p.correctSecond);
    }
    for (uint k = 0; k < 4; k++) {
        move(push.shapes, push.firstShapes, push.secondShapes, 6 * push.stride + 4 * i + k, g.quaternion[k],
                p.quaternionsStep, p.correctSecond);
    }
    move(push.shapes, push.firstShapes, push.secondShapes, 10 * push.stride + i, g.logit, p.logitsStep,
            p.correctSecond);
}

// Moves faint Gaussians at random along their own shape.
void addNoise(uint i) {
    Shape s = shapeOf(FloatsIn(push.shapes), i, push.stride);
    float opacity = 1.0 / (1.0 + exp(-s.logit));
    // Above 0.2 the noise is below a billionth of the Gaussian's size.
    if (opacity > 0.2) {
        return;
    }
    float factor = push.view.noise / (1.0 + exp(100.0 * (opacity - 0.005)));
    mat3 rotation = rotationOf(s.quaternion);
    vec3 eta = normalNoise(push.view.seed, push.view.iteration, i);
    vec3 moved = rotation * (exp(2.0 * s.logScale) * (eta * rotation));
    for (uint k = 0; k < 3; k++) {
        push.shapes.at[3 * i + k] = s.mean[k] + factor * moved[k];
    }
}

// Adds up the group's gradients by the pose: three by the translation of the camera frame, three by its rotation. The
// memory of the coefficients is free by then.
void sumPose(uint thread, ShapeGradient g) {
    Step v = push.view;
    float own[6] = float[6](dot(v.right, g.mean), dot(v.down, g.mean), dot(v.forward, g.mean), g.turn.x, g.turn.y, g.turn.z);
    for (uint k = 0; k < 6; k++) {
        coefficients[k * GROUP + thread] = own[k];
    }
    for (uint half_ = GROUP / 2; half_ > 0; half_ >>= 1) {
        barrier();
        for (uint k = 0; k < 6 && thread < half_; k++) {
            coefficients[k * GROUP + thread] += coefficients[k * GROUP + thread + half_];
        }
    }
    barrier();
    uint groups = (push.count + GROUP - 1) / GROUP;
    if (thread < 6 && flatGroup() < groups) {
        push.poseSums.at[thread * groups + flatGroup()] = coefficients[thread * GROUP];
    }
}

// Moves coefficient n of one of the group's Gaussians.
Moved movedCoefficient(Moved p, uint owner, uint n) {
    uint used = 3 * shCount(push.view.degree);
    float step_ = n < 3 ? push.view.shBaseStep : n < used ? push.view.shRestStep : 0.0;
    return moved(p, basis[owner * 17 + n / 3] * byColour[owner][n % 3], step_, push.view.correctSecond);
}

#ifdef SH16

// Moves the two coefficients of a word.
void moveWord(uint at, uint owner, uint n) {
    vec2 value = widened(push.sh.at[at]);
    vec2 first = widenedMoments(push.firstSh.at[at]);
    vec2 second = widenedMoments(push.secondSh.at[at]);
    for (uint k = 0; k < 2; k++) {
        Moved p = movedCoefficient(Moved(value[k], first[k], second[k]), owner, n + k);
        value[k] = p.value;
        first[k] = p.first;
        second[k] = p.second;
    }
    uvec4 random = hashOf(uvec2(push.view.seed.x ^ 0x73683136u, push.view.seed.y), push.view.iteration, at);
    push.sh.at[at] = narrowed(value, random.x);
    push.firstSh.at[at] = narrowedMoments(first, random.y);
    push.secondSh.at[at] = narrowedMoments(second, random.z);
}

#else

void moveWord(uint at, uint owner, uint n) {
    Moved p = movedCoefficient(Moved(push.sh.at[at], push.firstSh.at[at], push.secondSh.at[at]), owner, n);
    push.sh.at[at] = p.value;
    push.firstSh.at[at] = p.first;
    push.secondSh.at[at] = p.second;
}

#endif

void main() {
    if (push.status.overflow != 0) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    uint base = flatGroup() * GROUP;
    uint held = base < push.count ? min(GROUP, push.count - base) : 0;
    for (uint k = thread; k < held * SH; k += GROUP) {
        coefficients[k / SH * SH_ROW + k % SH] = coefficient(CoefficientsIn(push.sh), base + k / SH, k % SH);
    }
    byColour[thread] = vec3(0.0);
    for (uint n = 0; n < 16; n++) {
        basis[thread * 17 + n] = 0.0;
    }
    barrier();
    uint i = base + thread;
    ShapeGradient g = ShapeGradient(vec3(0.0), vec3(0.0), vec4(0.0), 0.0, vec3(0.0), 0.0);
    if (thread < held) {
        Shape s = shapeOf(FloatsIn(push.shapes), i, push.stride);
        if (push.hitCounts.at[i] > 0) {
            Hit hit = hitOf(i);
            g = shapeGradientOf(s, hit, seenOf(i), push.view);
            addColour(i, s, hit.colour, g);
            push.gradientNormSums.at[i] += g.screen;
            push.visibleSteps.at[i]++;
        }
        addPenalties(s, g);
        moveShape(i, g);
        if (push.view.noise > 0.0) {
            addNoise(i);
        }
    }
    barrier();
    sumPose(thread, g);
    const uint WORDS = SH / SH_IN_WORD;
    for (uint k = thread; k < held * WORDS; k += GROUP) {
        moveWord(base * WORDS + k, k / WORDS, k % WORDS * SH_IN_WORD);
    }
}
