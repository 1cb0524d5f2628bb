// The gradient of blending: one thread holds one splat of the tile and adds up its ten sums over the tile's pixels; the
// pixels pass by the splats in a diagonal, splat s works on pixel i - s in round i, so that each pixel meets the splats
// nearest first and needs no atomics. A hit's sums go to its slot.
//
// As in the forward pass the walk is front to back: with q = g . colour + gDepth depth + gAlpha the loss changes with
// alpha by T q - R / (1 - alpha), R being what lies behind, weighted by the gradient. R starts as the pixel's whole value
// and loses weight times q at each splat.
//
// With FEATURES, q has the gradient by each feature channel times the splat's feature in it too, and a hit's sums end with
// the gradients by the splat's features.
#version 460
layout(local_size_x_id = 0) in;
layout(constant_id = 1) const uint ABSOLUTE = 0; // 1 where absolute gradients by the centre are summed
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    FloatsIn splats;
    UintsIn ranges;
    UintsIn slots;
    UintsIn slotGaussians;
    UintsIn tileEnds;
    Vec4sIn picture;
    FloatsIn depth;
    Vec4sIn gradient; // [height, width] by red, green, blue, alpha
    FloatsIn depthGradient; // [height, width]
    Floats hitGradients; // [hits, values] by slot
#ifdef FEATURES
    FloatsIn features; // [count, channels]
    FloatsIn featurePlanes; // [channels, height, width]
    FloatsIn featureGradients; // [channels, height, width]
#endif
    uint values;
#ifdef FEATURES
    uint channels;
#endif
} push;

shared vec4 byColour[TILE_PIXELS];
shared float byDepth[TILE_PIXELS];
shared vec2 state[TILE_PIXELS]; // transmittance, negative when finished; what lies behind

#ifdef FEATURES
layout(constant_id = 2) const uint QUADS = 1; // vectors of four channels
shared vec4 byFeatures[TILE_PIXELS * QUADS];

// Loads a pixel's gradient by the features; returns the gradient times the features.
float loadFeatures(uint p, uint at, uint area) {
    float value = 0.0;
    for (uint k = 0; k < QUADS; k++) {
        vec4 g = vec4(0.0);
        for (uint c = 0; c < 4 && 4 * k + c < push.channels; c++) {
            uint from = (4 * k + c) * area + at;
            g[c] = push.featureGradients.at[from];
            value += g[c] * push.featurePlanes.at[from];
        }
        byFeatures[p * QUADS + k] = g;
    }
    return value;
}
#endif

void loadPixels(uint tile, uint thread) {
    Step v = push.view;
    uvec2 tiles = v.tiles;
    uvec2 size = v.size;
    uvec2 corner = uvec2(tile % tiles.x, tile / tiles.x) * TILE;
    for (uint p = thread; p < TILE_PIXELS; p += gl_WorkGroupSize.x) {
        uvec2 pixel = corner + uvec2(p % TILE, p / TILE);
        vec4 g = vec4(0.0);
        float gDepth = 0.0;
        vec2 s = vec2(-1.0, 0.0);
        if (all(lessThan(pixel, size))) {
            uint at = pixel.y * size.x + pixel.x;
            g = push.gradient.at[at];
            gDepth = push.depthGradient.at[at];
            vec4 c = push.picture.at[at];
            s = vec2(1.0, dot(g.rgb, c.rgb) + gDepth * push.depth.at[at] + g.a * (1.0 - c.a));
#ifdef FEATURES
            s.y += loadFeatures(p, at, size.x * size.y);
#endif
        }
        byColour[p] = g;
        byDepth[p] = gDepth;
        state[p] = s;
    }
}

void main() {
    uint tile = flatGroup();
    Step v = push.view;
    uvec2 tiles = v.tiles;
    if (tile >= tiles.x * tiles.y) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    uint batch = gl_WorkGroupSize.x;
    uint begin = push.ranges.at[2 * tile];
    uint end = push.ranges.at[2 * tile + 1];
    uint needed = push.tileEnds.at[tile];
    vec2 corner = vec2(tile % tiles.x, tile / tiles.x) * float(TILE);
    loadPixels(tile, thread);
    barrier();
    for (uint first = begin; first < needed; first += batch) {
        uint size = min(batch, needed - first);
        bool holds = thread < size;
        uint slot = 0;
        vec2 centre = vec2(0.0);
        vec4 conic = vec4(0.0, 0.0, 0.0, -1e9);
        vec4 colour = vec4(0.0);
        if (holds) {
            slot = push.slots.at[first + thread];
            uint at = push.slotGaussians.at[slot] * SPLAT_STRIDE;
            centre = vec2(push.splats.at[at + SPLAT_X], push.splats.at[at + SPLAT_Y]) - corner;
            conic = vec4(push.splats.at[at + SPLAT_XX], push.splats.at[at + SPLAT_XY], push.splats.at[at + SPLAT_YY],
                    push.splats.at[at + SPLAT_LOG]);
            colour = vec4(push.splats.at[at + SPLAT_RED], push.splats.at[at + SPLAT_GREEN],
                    push.splats.at[at + SPLAT_BLUE], push.splats.at[at + SPLAT_BLENDED_DEPTH]);
        }
        // How the exponent's natural logarithm changes by the centre.
        vec3 unscaled = -1.0 / LOG2_E * vec3(2.0 * conic.x, conic.y, 2.0 * conic.z);
        vec2 pulls = vec2(0.0);
#ifdef FEATURES
        vec4 features[QUADS];
        vec4 featureSums[QUADS];
        for (uint k = 0; k < QUADS; k++) {
            features[k] = vec4(0.0);
            featureSums[k] = vec4(0.0);
            for (uint c = 0; holds && c < 4 && 4 * k + c < push.channels; c++) {
                features[k][c] = push.features.at[push.slotGaussians.at[slot] * push.channels + 4 * k + c];
            }
        }
#endif
        float moment = 0.0;
        vec2 moments1 = vec2(0.0);
        vec3 moments2 = vec3(0.0);
        vec4 byColours = vec4(0.0);
        uint rounds = TILE_PIXELS + size - 1;
        for (uint i = 0; i < rounds; i++) {
            uint p = i - thread; // wraps to a large number before the splat's turn
            if (holds && p < TILE_PIXELS) {
                vec2 d = vec2(p % TILE, p / TILE) + 0.5 - centre;
                float exponent = exponentAt(d, conic);
                vec2 s = state[p];
                if (exponent >= MIN_EXPONENT && s.x > 0.0) {
                    float raw = exp2(exponent);
                    float alpha = min(MAX_ALPHA, raw);
                    float weight = weightOf(s.x, alpha);
                    float after = leftBehind(s.x, weight);
                    if (after > MIN_TRANSMITTANCE) {
                        vec4 g = byColour[p];
                        float gDepth = byDepth[p];
                        float value = dot(g.rgb, colour.rgb) + gDepth * colour.a + g.a;
#ifdef FEATURES
                        for (uint k = 0; k < QUADS; k++) {
                            vec4 gFeature = byFeatures[p * QUADS + k];
                            value += dot(gFeature, features[k]);
                            featureSums[k] += weight * gFeature;
                        }
#endif
                        float behind = s.y - weight * value;
                        state[p] = vec2(after, behind);
                        byColours += weight * vec4(g.rgb, gDepth);
                        if (raw <= MAX_ALPHA) {
                            float m = weight * value - behind * alpha / (1.0 - alpha);
                            vec2 md = m * d;
                            moment += m;
                            moments1 += md;
                            moments2 += vec3(md.x * d.x, md.x * d.y, md.y * d.y);
                            if (ABSOLUTE != 0) {
                                pulls += abs(vec2(dot(unscaled.xy, md), dot(unscaled.yz, md)));
                            }
                        }
                    } else {
                        state[p].x = -1.0;
                    }
                }
            }
            barrier();
        }
        if (holds) {
            uint at = slot * push.values;
            push.hitGradients.at[at] = moment;
            push.hitGradients.at[at + 1] = moments1.x;
            push.hitGradients.at[at + 2] = moments1.y;
            push.hitGradients.at[at + 3] = moments2.x;
            push.hitGradients.at[at + 4] = moments2.y;
            push.hitGradients.at[at + 5] = moments2.z;
            push.hitGradients.at[at + 6] = byColours.r;
            push.hitGradients.at[at + 7] = byColours.g;
            push.hitGradients.at[at + 8] = byColours.b;
            push.hitGradients.at[at + 9] = byColours.a;
            if (ABSOLUTE != 0) {
                push.hitGradients.at[at + HIT_PULLS] = pulls.x;
                push.hitGradients.at[at + HIT_PULLS + 1] = pulls.y;
            }
#ifdef FEATURES
            for (uint c = 0; c < push.channels; c++) {
                push.hitGradients.at[at + push.values - push.channels + c] = featureSums[c / 4][c % 4];
            }
#endif
        }
    }
    // Hits behind the last one that counted.
    for (uint hit = max(begin, needed) + thread; hit < end; hit += batch) {
        uint at = push.slots.at[hit] * push.values;
        for (uint k = 0; k < push.values; k++) {
            push.hitGradients.at[at + k] = 0.0;
        }
    }
}
