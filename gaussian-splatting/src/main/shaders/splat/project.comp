// Projects every Gaussian: centre, conic, colour, extent, how many tiles it meets; and its key in the depth order.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"
#include "shared/tilecover.glsl"
#include "shared/harmonics.glsl"
#include "shared/projection.glsl"
#include "shared/noise.glsl"
#include "shared/colours.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    FloatsIn shapes; // [11, stride]
    CoefficientsIn sh; // [stride, 16, 3]
    FloatsOut splats; // [stride, 16]
    UintsOut hitCounts; // [stride]
    UintsOut visible; // [stride] 1 for each Gaussian that meets a tile, else 0
    uint count;
    uint stride;
} push;

vec3 colourOf(uint i, vec3 offset) {
    float y[16];
    shBasis(push.view.degree, directionOf(offset, push.view), y);
    vec3 colour = vec3(0.5);
    uint n = shCount(push.view.degree);
    for (uint k = 0; k < n; k++) {
        colour += y[k] * vec3(coefficient(push.sh, i, 3 * k), coefficient(push.sh, i, 3 * k + 1),
                coefficient(push.sh, i, 3 * k + 2));
    }
    return max(vec3(0.0), colour);
}

uint project(uint i) {
    Step v = push.view;
    Shape s = shapeOf(push.shapes, i, push.stride);
    vec3 offset = offsetOf(s.mean, v);
    Located p = locate(offset, v);
    if (!isAhead(p)) {
        return 0;
    }
    float opacity = 1.0 / (1.0 + exp(-s.logit));
    float rendered = min(1.0, opacity * v.opacityGain);
    if (!(rendered >= MIN_ALPHA)) {
        return 0;
    }
    if (v.dropBelow > 0 && (hashOf(v.seed, v.iteration - 1, ~i).x >> 8) < v.dropBelow) {
        return 0;
    }
    PixelByWorld k = pixelByWorld(p, v);
    mat3 rotation = rotationOf(s.quaternion);
    vec3 scale = exp(s.logScale);
    Footprint f = footprintOf(scale * (k.x * rotation), scale * (k.y * rotation));
    if (v.mip != 0) {
        rendered *= max(MIN_COMPENSATION, sqrt(f.detBefore / f.det));
    }
    vec2 centre = p.pixel;
    // A comparison and not isinf, which drivers may take for never true.
    if (!(f.det > 0.0 && f.det < 3e38) || !(abs(centre.x) + abs(centre.y) < 1e7) || !(rendered >= MIN_ALPHA)) {
        return 0;
    }
    float logOpacity = log(rendered);
    float reach = 2.0 * (logOpacity + 5.541263545158426);
    float ex = sqrt(max(0.0, reach * f.xx));
    float ey = sqrt(max(0.0, reach * f.yy));
    float tilt = f.xy / f.yy;
    float chord = sqrt(f.det) / f.yy;
    Cover cover = coverOf(centre.x, centre.y, ex, ey, ivec2(v.tiles));
    uint hits = 0;
    for (int row = cover.firstRow; row <= cover.lastRow; row++) {
        ivec2 columns = coverRow(cover, row, centre.x, centre.y, ex, ey, tilt, chord);
        hits += uint(max(0, columns.y - columns.x + 1));
    }
    if (hits == 0) {
        return 0;
    }
    float conic = -0.5 * LOG2_E / f.det;
    vec3 colour = colourOf(i, offset);
    uint at = i * SPLAT_STRIDE;
    push.splats.at[at + SPLAT_X] = centre.x;
    push.splats.at[at + SPLAT_Y] = centre.y;
    push.splats.at[at + SPLAT_XX] = conic * f.yy;
    push.splats.at[at + SPLAT_XY] = -2.0 * conic * f.xy;
    push.splats.at[at + SPLAT_YY] = conic * f.xx;
    push.splats.at[at + SPLAT_LOG] = logOpacity * LOG2_E;
    push.splats.at[at + SPLAT_RED] = colour.r;
    push.splats.at[at + SPLAT_GREEN] = colour.g;
    push.splats.at[at + SPLAT_BLUE] = colour.b;
    push.splats.at[at + SPLAT_DEPTH] = p.depth;
    push.splats.at[at + SPLAT_EX] = ex;
    push.splats.at[at + SPLAT_EY] = ey;
    push.splats.at[at + SPLAT_SLOPE] = tilt;
    push.splats.at[at + SPLAT_CHORD] = chord;
    push.splats.at[at + SPLAT_OPACITY] = opacity;
    push.splats.at[at + SPLAT_BLENDED_DEPTH] = v.inverseDepths != 0 ? 1.0 / (p.depth + v.depthOffset) : p.depth;
    return hits;
}

void main() {
    uint i = flatInvocation();
    if (i >= push.count) {
        return;
    }
    uint hits = project(i);
    push.hitCounts.at[i] = hits;
    push.visible.at[i] = min(hits, 1u);
}
