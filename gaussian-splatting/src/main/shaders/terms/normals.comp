// The term of normals: 1 less the cosine between the normals of rendered and predicted surface, and its gradient by the
// rendered nearness, added to that of the depth plane. A thread has a pixel: it takes the three corners of which the pixel is
// a part, so that nothing is added to another thread's pixel.
//
// On a plane the inverse depth d is linear in the picture, so its normal is along (fx dx, fy dy, d - dx u - dy v), dx and dy
// being the differences to the next pixels and u, v the place relative to the principal point. With n = 1 / (z + offset),
// d = n / (1 - offset n), and differences of d come from differences of n without cancellation.
#version 460
layout(local_size_x = 256) in;
#include "shared/buffers.glsl"
#include "shared/dispatch.glsl"
#include "shared/step.glsl"
#include "shared/splat.glsl"
#include "shared/photo.glsl"
#include "shared/sum.glsl"

// Nearness at which a pixel's Gaussians may be at the camera or blend to nothing, by its greatest value.
const float MOST = 0.98;

layout(push_constant, scalar) uniform Push {
    Step view;
    UintsIn photo;
    FloatsIn depth; // [height, width]
    FloatsIn predicted; // [2, height, width] nearness and weights
    Floats depthGradient; // [height, width]
    FloatsOut sums; // [19, groups]; this writes the row of the normals
    uint groupsX;
    uint groupsY;
} push;

struct Normal {
    bool known;
    vec3 unit;
    float length_;
};

// From the nearness of a pixel, of the next one and of the one below.
Normal normalOf(vec3 n, vec2 place) {
    Normal normal;
    vec3 rest = 1.0 - push.view.depthOffset * n;
    normal.known = all(greaterThan(n, vec3(0.0))) && all(lessThan(push.view.depthOffset * n, vec3(MOST)));
    vec2 slope = (n.yz - n.x) / (rest.yz * rest.x);
    vec3 along = vec3(push.view.focal * slope, n.x / rest.x - dot(slope, place));
    normal.length_ = length(along);
    normal.unit = along / normal.length_;
    normal.known = normal.known && normal.length_ > 0.0;
    return normal;
}

float trustAt(uint at, uint area) {
    return counts(push.photo.at[at]) ? push.predicted.at[area + at] : 0.0;
}

// The term of a corner, and its gradient by the nearness of one of the three pixels: itself, the next, the one below.
float corner(ivec2 pixel, ivec2 size, uint part, out float gradient) {
    gradient = 0.0;
    if (any(lessThan(pixel, ivec2(0))) || any(greaterThanEqual(pixel + 1, size))) {
        return 0.0;
    }
    uint area = uint(size.x * size.y);
    uint at = uint(pixel.y * size.x + pixel.x);
    uint below = at + uint(size.x);
    float w = min(trustAt(at, area), min(trustAt(at + 1, area), trustAt(below, area)));
    vec2 place = vec2(pixel) + 0.5 - push.view.principal;
    vec3 near = vec3(push.depth.at[at], push.depth.at[at + 1], push.depth.at[below]);
    Normal own = normalOf(near, place);
    Normal goal = normalOf(vec3(push.predicted.at[at], push.predicted.at[at + 1], push.predicted.at[below]), place);
    if (!(w > 0.0) || !own.known || !goal.known) {
        return 0.0;
    }
    float weight = push.view.byNormals * w;
    vec3 off = goal.unit - own.unit;
    vec3 g = -weight * (goal.unit - dot(goal.unit, own.unit) * own.unit) / own.length_;
    vec2 bySides = push.view.focal * g.xy - g.z * place;
    float by = part == 0 ? g.z - bySides.x - bySides.y : bySides[max(part, 1u) - 1];
    float rest = 1.0 - push.view.depthOffset * near[part];
    gradient = by / (rest * rest);
    return 0.5 * weight * dot(off, off);
}

void main() {
    uint group = flatGroup();
    if (group >= push.groupsX * push.groupsY) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    ivec2 size = ivec2(push.view.size);
    ivec2 pixel = ivec2(group % push.groupsX, group / push.groupsX) * int(TILE) + ivec2(thread % TILE, thread / TILE);
    float term = 0.0;
    if (all(lessThan(pixel, size))) {
        vec3 gradient;
        term = corner(pixel, size, 0, gradient.x);
        corner(pixel - ivec2(1, 0), size, 1, gradient.y);
        corner(pixel - ivec2(0, 1), size, 2, gradient.z);
        push.depthGradient.at[pixel.y * size.x + pixel.x] += gradient.x + gradient.y + gradient.z;
    }
    float total = groupSum(term);
    if (thread == 0) {
        push.sums.at[SUM_NORMALS * push.groupsX * push.groupsY + group] = total;
    }
}
