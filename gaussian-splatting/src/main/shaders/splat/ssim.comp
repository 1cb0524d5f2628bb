// The structural similarity of the picture to the photo, and its derivatives by the blurred picture, by the blurred square
// and by the blurred product, at the pixels whose window lies inside of the picture; zero elsewhere.
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
    FloatsOut derivatives; // [3 channels, 3 kinds, height, width]
    Floats sums; // [19, groups]; this writes the row of the similarity
    uint groupsX;
    uint groupsY;
} push;

shared vec2 pixels[WIDE * WIDE]; // picture, photo
shared float rows[5][WIDE * SIDE]; // blurred along rows: picture, photo, squares of both, product

// Blurs each of the square's rows, and those above and below, along itself.
void blurRows(uint thread) {
    for (uint p = thread; p < WIDE * SIDE; p += 256) {
        uint at = p / SIDE * WIDE + p % SIDE + RADIUS;
        float m[5] = float[5](0.0, 0.0, 0.0, 0.0, 0.0);
        for (int k = -RADIUS; k <= RADIUS; k++) {
            vec2 v = pixels[at + k];
            float w = weightAt(k);
            m[0] += w * v.x;
            m[1] += w * v.y;
            m[2] += w * v.x * v.x;
            m[3] += w * v.y * v.y;
            m[4] += w * v.x * v.y;
        }
        for (int q = 0; q < 5; q++) {
            rows[q][p] = m[q];
        }
    }
}

float similarity(uint local, bool valid, uint channel, uint at, uint area) {
    vec3 derivative = vec3(0.0);
    float ssim = 0.0;
    if (valid) {
        float m[5] = float[5](0.0, 0.0, 0.0, 0.0, 0.0);
        for (int k = -RADIUS; k <= RADIUS; k++) {
            for (int q = 0; q < 5; q++) {
                m[q] += weightAt(k) * rows[q][local + (RADIUS + k) * SIDE];
            }
        }
        float m11 = m[0] * m[0];
        float m22 = m[1] * m[1];
        float m12 = m[0] * m[1];
        float a1 = 2.0 * m12 + SSIM_C1;
        float a2 = 2.0 * (m[4] - m12) + SSIM_C2;
        float b1 = m11 + m22 + SSIM_C1;
        float b2 = m[2] - m11 + (m[3] - m22) + SSIM_C2;
        float inverse_ = 1.0 / (b1 * b2);
        ssim = a1 * a2 * inverse_;
        derivative = vec3(2.0 * inverse_ * (m[1] * (a2 - a1) - m[0] * ssim * (b2 - b1)), -ssim * b1 * inverse_,
                2.0 * a1 * inverse_);
    }
    if (at < area) {
        for (uint k = 0; k < 3; k++) {
            push.derivatives.at[(3 * channel + k) * area + at] = derivative[k];
        }
    }
    return ssim;
}

void main() {
    uint group = flatGroup();
    if (group >= push.groupsX * push.groupsY) {
        return;
    }
    uint thread = gl_LocalInvocationID.x;
    ivec2 size = ivec2(push.view.size);
    uint area = uint(size.x * size.y);
    ivec2 corner = ivec2(group % push.groupsX, group / push.groupsX) * int(SIDE);
    ivec2 pixel = corner + ivec2(thread % SIDE, thread / SIDE);
    bool inside = all(lessThan(pixel, size));
    bool valid = all(greaterThanEqual(pixel, ivec2(RADIUS))) && all(lessThan(pixel, size - RADIUS));
    uint at = inside ? uint(pixel.y * size.x + pixel.x) : area;
    float total = 0.0;
    for (uint channel = 0; channel < 3; channel++) {
        barrier();
        for (uint p = thread; p < WIDE * WIDE; p += 256) {
            ivec2 from = corner - RADIUS + ivec2(p % WIDE, p / WIDE);
            vec2 v = vec2(0.0);
            if (all(greaterThanEqual(from, ivec2(0))) && all(lessThan(from, size))) {
                uint source = uint(from.y * size.x + from.x);
                vec3 rendered = mapped(push.picture.at[source].rgb, push.view);
                v = vec2(rendered[channel], truthOf(push.photo.at[source], rendered)[channel]);
            }
            pixels[p] = v;
        }
        barrier();
        blurRows(thread);
        barrier();
        total += similarity(thread, valid, channel, at, area);
    }
    total = groupSum(total);
    if (thread == 0) {
        push.sums.at[SUM_SIMILARITY * push.groupsX * push.groupsY + group] = total;
    }
}
