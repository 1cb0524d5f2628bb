// The gradient of (1 - w) L1 + w (1 - SSIM) and of the depth term by the picture: blurs the derivatives of the similarity
// and adds the sign of the difference, then goes back through the photo's colour map. Pixels that do not count get none.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/ssim.glsl"
#include "shared/photo.glsl"
#include "shared/sum.glsl"

layout(push_constant, scalar) uniform Push {
    Step view;
    Vec4sIn picture;
    UintsIn photo;
    FloatsIn derivatives; // [3 channels, 3 kinds, height, width]
    Vec4sOut gradient; // [height, width] by red, green, blue, alpha
    FloatsOut depthGradient; // [height, width]
    FloatsIn depth; // [height, width]
    FloatsIn depthTarget; // [2, height, width] inverse depths and weights; not read where the term is off
    Floats sums; // [19, groups]
    uint groupsX;
    uint groupsY;
    uint mapsColours; // 1 where the gradient by the colour map is wanted
    uint background; // 1 where that by the background is
} push;

shared vec3 kinds[WIDE * WIDE];
shared vec3 rows[WIDE * SIDE];

vec3 blurred(uint channel, uint thread, ivec2 corner, ivec2 size) {
    uint area = uint(size.x * size.y);
    barrier();
    for (uint p = thread; p < WIDE * WIDE; p += 256) {
        ivec2 from = corner - RADIUS + ivec2(p % WIDE, p / WIDE);
        vec3 v = vec3(0.0);
        if (all(greaterThanEqual(from, ivec2(0))) && all(lessThan(from, size))) {
            uint source = 3 * channel * area + uint(from.y * size.x + from.x);
            v = vec3(push.derivatives.at[source], push.derivatives.at[source + area],
                    push.derivatives.at[source + 2 * area]);
        }
        kinds[p] = v;
    }
    barrier();
    for (uint p = thread; p < WIDE * SIDE; p += 256) {
        uint at = p / SIDE * WIDE + p % SIDE + RADIUS;
        vec3 sum = vec3(0.0);
        for (int k = -RADIUS; k <= RADIUS; k++) {
            sum += weightAt(k) * kinds[at + k];
        }
        rows[p] = sum;
    }
    barrier();
    vec3 sum = vec3(0.0);
    for (int k = -RADIUS; k <= RADIUS; k++) {
        sum += weightAt(k) * rows[thread + (RADIUS + k) * SIDE];
    }
    return sum;
}

// The gradient by the depth plane; gives the pixel's part of the term.
float depthTerm(uint at, uint area, out float term) {
    term = 0.0;
    if (push.view.byDepth == 0.0) {
        return 0.0;
    }
    float difference = push.depth.at[at] - push.depthTarget.at[at];
    float weight = push.depthTarget.at[area + at];
    term = weight * abs(difference);
    return push.view.byDepth * weight * sign(difference);
}

void writeSum(uint row, uint group, float value) {
    float total = groupSum(value);
    if (gl_LocalInvocationID.x == 0) {
        push.sums.at[row * push.groupsX * push.groupsY + group] = total;
    }
}

void main() {
    uint group = flatGroup();
    if (group >= push.groupsX * push.groupsY) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    ivec2 size = ivec2(push.view.size);
    ivec2 corner = ivec2(group % push.groupsX, group / push.groupsX) * int(SIDE);
    ivec2 pixel = corner + ivec2(thread % SIDE, thread / SIDE);
    bool inside = all(lessThan(pixel, size));
    uint at = uint(pixel.y * size.x + pixel.x);
    vec4 picture = vec4(0.0);
    vec3 rendered = vec3(0.0);
    vec3 truth = vec3(0.0);
    bool counted = false;
    if (inside) {
        uint bytes = push.photo.at[at];
        picture = push.picture.at[at];
        rendered = mapped(picture.rgb, push.view);
        truth = truthOf(bytes, rendered);
        counted = counts(bytes);
    }
    vec3 structure = vec3(0.0);
    if (push.view.bySimilarity != 0.0) {
        for (uint channel = 0; channel < 3; channel++) {
            vec3 b = blurred(channel, thread, corner, size);
            structure[channel] = b.x + 2.0 * rendered[channel] * b.y + truth[channel] * b.z;
        }
    }
    vec3 difference = rendered - truth;
    vec3 byMapped = vec3(0.0);
    vec3 byPicture = vec3(0.0);
    float ofDepth = 0.0;
    if (inside) {
        if (counted) {
            byMapped = push.view.bySimilarity * structure + push.view.byAbsolute * sign(difference);
        }
        byPicture = byMapped.r * push.view.mapRed.rgb + byMapped.g * push.view.mapGreen.rgb
                + byMapped.b * push.view.mapBlue.rgb;
        push.gradient.at[at] = vec4(byPicture, 0.0);
        push.depthGradient.at[at] = counted ? depthTerm(at, uint(size.x * size.y), ofDepth) : 0.0;
    }
    writeSum(SUM_ABSOLUTE, group, abs(difference.r) + abs(difference.g) + abs(difference.b));
    if (push.view.byDepth != 0.0) {
        writeSum(SUM_DEPTH, group, ofDepth);
    }
    if (push.mapsColours != 0) {
        vec4 by = vec4(picture.rgb, 1.0);
        for (uint k = 0; k < 12; k++) {
            writeSum(SUM_MAP + k, group, byMapped[k / 4] * by[k % 4]);
        }
    }
    if (push.background != 0) {
        for (uint k = 0; k < 3; k++) {
            writeSum(SUM_BACKGROUND + k, group, byPicture[k] * picture.a);
        }
    }
}
