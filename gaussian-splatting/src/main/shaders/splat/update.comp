// The last stage of a step, fused: from the screen back to a Gaussian's parameters (Ye et al. 2023), penalties, Adam
// (Kingma and Ba 2015, algorithm 1), the noise of 3DGS-MCMC (Kheradmand et al. 2024, eq. 8 and 9), statistics, and a group's
// share of the gradient by the pose of the view. Every
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
    FloatsIn gradients; // [count, 10]
    Floats gradientNormSums; // [stride]
    Uints visibleSteps; // [stride]
    FloatsOut poseSums; // [6, groups]
    StatusIn status;
    uint count;
    uint stride;
} push;

shared float coefficients[GROUP * SH_ROW];
shared vec3 byColour[GROUP];
shared float basis[GROUP * 17];

// As floats; one less each of them must round as in the JVM engine.
const float BETA1 = 0.9;
const float REST1 = 0.10000002384185791;
const float BETA2 = 0.999;
const float REST2 = 0.0009999871253967285;
const float EPSILON = 1e-15;

struct Moved {
    float value;
    float first;
    float second;
};

// A parameter and its moments, moved against its gradient.
Moved moved(Moved p, float gradient, float step_) {
    p.first = BETA1 * p.first + REST1 * gradient;
    p.second = BETA2 * p.second + REST2 * (gradient * gradient);
    p.value -= step_ * p.first / (sqrt(p.second * push.view.correctSecond) + EPSILON);
    return p;
}

void move(Floats parameters, Floats first, Floats second, uint at, float gradient, float step_) {
    Moved p = moved(Moved(parameters.at[at], first.at[at], second.at[at]), gradient, step_);
    first.at[at] = p.first;
    second.at[at] = p.second;
    parameters.at[at] = p.value;
}

struct ShapeGradient {
    vec3 mean;
    vec3 logScale;
    vec4 quaternion;
    float logit;
    vec3 turn; // by a small rotation of the camera's axes
    float screen; // length of the gradient by the projected centre, in normalised device coordinates
};

// The gradient by everything but the colour, and by the colour through the viewing direction.
ShapeGradient gradientOf(uint i, Shape s) {
    Step v = push.view;
    float hit[HIT_VALUES];
    for (uint k = 0; k < HIT_VALUES; k++) {
        hit[k] = push.gradients.at[i * HIT_VALUES + k];
    }
    uint at = i * SPLAT_STRIDE;
    vec3 offset = offsetOf(s.mean, v);
    Located p = locate(offset, v);
    ShapeGradient g;

    // The conic a, b, c, from its scaled form; the gradient by it is -(Sxx / 2, Sxy, Syy / 2).
    float a = -2.0 / LOG2_E * push.splats.at[at + SPLAT_XX];
    float b = -1.0 / LOG2_E * push.splats.at[at + SPLAT_XY];
    float c = -2.0 / LOG2_E * push.splats.at[at + SPLAT_YY];
    vec2 byCentre = vec2(a * hit[1] + b * hit[2], b * hit[1] + c * hit[2]);
    g.screen = 0.5 * length(byCentre * vec2(v.size));
    g.logit = hit[0] * (1.0 - push.splats.at[at + SPLAT_OPACITY]);

    // G = -Q dQ Q with dQ = -S/2: the gradient by the projected covariance, symmetric.
    float m00 = a * hit[3] + b * hit[4];
    float m01 = a * hit[4] + b * hit[5];
    float m10 = b * hit[3] + c * hit[4];
    float m11 = b * hit[4] + c * hit[5];
    float g00 = 0.5 * (m00 * a + m01 * b);
    float g01 = 0.5 * (m00 * b + m01 * c);
    float g11 = 0.5 * (m10 * b + m11 * c);

    PixelByWorld k = pixelByWorld(p, v);
    float inverseNorm = inversesqrt(dot(s.quaternion, s.quaternion));
    vec4 q = s.quaternion * inverseNorm;
    mat3 rotation = rotationOf(q);
    vec3 scale = exp(s.logScale);
    // The covariance is B B^T with B = K R S.
    vec3 bx = scale * (k.x * rotation);
    vec3 by = scale * (k.y * rotation);
    if (v.mip != 0) {
        // The logarithm of opacity grows by half the inverse before the low-pass less half the conic, along the covariance.
        Footprint f = footprintOf(bx, by);
        if (f.detBefore > MIN_COMPENSATION * MIN_COMPENSATION * f.det) {
            float factor = 0.5 / f.detBefore;
            g00 += hit[0] * (factor * (f.yy - LOW_PASS) - 0.5 * a);
            g01 += hit[0] * (-factor * f.xy - 0.5 * b);
            g11 += hit[0] * (factor * (f.xx - LOW_PASS) - 0.5 * c);
        }
    }
    // dB = 2 G B.
    vec3 dbx = 2.0 * (g00 * bx + g01 * by);
    vec3 dby = 2.0 * (g01 * bx + g11 * by);
    g.logScale = dbx * bx + dby * by;

    // dK = dB (R S)^T, and from K = J W to the camera-frame position.
    vec3 ex = dbx * scale;
    vec3 ey = dby * scale;
    vec3 dkx = rotation * ex;
    vec3 dky = rotation * ey;
    float dj00 = dot(dkx, v.right);
    float dj02 = dot(dkx, v.forward);
    float dj01 = dot(dkx, v.down);
    float dj10 = dot(dky, v.right);
    float dj11 = dot(dky, v.down);
    float dj12 = dot(dky, v.forward);
    float nearness = 1.0 / (p.depth + v.depthOffset);
    float byBlended = v.inverseDepths != 0 ? -hit[9] * nearness * nearness : hit[9];
    vec3 t;
    if (v.parallel != 0) {
        t = vec3(v.focal * byCentre, byBlended);
    } else {
        // J02 = -kx u': its derivative by the depth with u' held, and by u' where it is not clamped.
        bvec2 free = equal(k.slope, -p.plane);
        vec2 focal = v.focal;
        float byU = focal.x * byCentre.x - (free.x ? k.scale.x * dj02 : 0.0);
        float byV = focal.y * byCentre.y - (free.y ? k.scale.y * dj12 : 0.0);
        t = vec3(byU * p.inverseDepth, byV * p.inverseDepth, byBlended - p.inverseDepth * (byU * p.plane.x
                + byV * p.plane.y + k.scale.x * (dj00 + k.slope.x * dj02) + k.scale.y * (dj11 + k.slope.y * dj12)));
    }
    g.mean = v.right * t.x + v.down * t.y + v.forward * t.z;
    // p x t for the position, and the antisymmetric part of J^T dK W^T for the axes.
    vec3 inCamera = vec3(p.plane * (v.parallel != 0 ? 1.0 : p.depth), p.depth);
    vec2 byForward = k.scale.x * k.slope.x * vec2(dj00, dj01) + k.scale.y * k.slope.y * vec2(dj10, dj11);
    g.turn = cross(inCamera, t) + vec3(byForward.y - k.scale.y * dj12, k.scale.x * dj02 - byForward.x,
            k.scale.y * dj10 - k.scale.x * dj01);

    // dR = K^T (dB S); d[column][row].
    mat3 d = mat3(k.x * ex.x + k.y * ey.x, k.x * ex.y + k.y * ey.y, k.x * ex.z + k.y * ey.z);
    vec4 dq;
    dq.x = 2.0 * (q.w * (d[0].y - d[1].x) + q.z * (d[2].x - d[0].z) + q.y * (d[1].z - d[2].y));
    dq.y = 2.0 * (q.z * (d[1].x + d[0].y) + q.w * (d[2].x + d[0].z) + q.x * (d[1].z - d[2].y)
            - 2.0 * q.y * (d[1].y + d[2].z));
    dq.z = 2.0 * (q.y * (d[1].x + d[0].y) + q.w * (d[2].y + d[1].z) + q.x * (d[2].x - d[0].z)
            - 2.0 * q.z * (d[0].x + d[2].z));
    dq.w = 2.0 * (q.y * (d[2].x + d[0].z) + q.z * (d[2].y + d[1].z) + q.x * (d[0].y - d[1].x)
            - 2.0 * q.w * (d[0].x + d[1].y));
    g.quaternion = (dq - dot(dq, q) * q) * inverseNorm;

    vec3 shown = vec3(push.splats.at[at + SPLAT_RED], push.splats.at[at + SPLAT_GREEN], push.splats.at[at + SPLAT_BLUE]);
    vec3 colour = mix(vec3(0.0), vec3(hit[6], hit[7], hit[8]), greaterThan(shown, vec3(0.0)));
    uint thread = gl_LocalInvocationID.x;
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
    return g;
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
        move(push.shapes, push.firstShapes, push.secondShapes, 3 * i + k, g.mean[k], p.meansStep);
        move(push.shapes, push.firstShapes, push.secondShapes, 3 * (push.stride + i) + k, g.logScale[k],
                p.logScalesStep);
    }
    for (uint k = 0; k < 4; k++) {
        move(push.shapes, push.firstShapes, push.secondShapes, 6 * push.stride + 4 * i + k, g.quaternion[k],
                p.quaternionsStep);
    }
    move(push.shapes, push.firstShapes, push.secondShapes, 10 * push.stride + i, g.logit, p.logitsStep);
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
    return moved(p, basis[owner * 17 + n / 3] * byColour[owner][n % 3], step_);
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
            g = gradientOf(i, s);
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
