// Random numbers without a sequence: three standard normal values for a seed, step and index, from the pcg4d hash of
// Jarzynski and Olano ("Hash functions for GPU rendering", 2020) and the Box-Muller transform.
float uniformOf(uint bits) {
    return (float(bits >> 8) + 0.5) / 16777216.0;
}

// Cosine and sine of a whole turn times a number from 0 to 1; drivers' own need only be good to 2^-11.
vec2 turn(float part) {
    float eighths = floor(part * 4.0 + 0.5); // nearest quarter
    float angle = (part - eighths * 0.25) * 6.283185307179586;
    float q = angle * angle;
    float s = angle * (1.0 + q * (-0.16666666666666666 + q * (0.008333333333333333 + q * (-1.984126984126984e-4
            + q * 2.7557319223985893e-6))));
    float c = 1.0 + q * (-0.5 + q * (0.041666666666666664 + q * (-0.001388888888888889 + q * (2.48015873015873e-5
            - q * 2.755731922398589e-7))));
    uint quarter = uint(eighths) & 3;
    vec2 r = (quarter & 1) == 0 ? vec2(c, s) : vec2(-s, c);
    return (quarter & 2) == 0 ? r : -r;
}

uvec4 hashOf(uvec2 seed, uint step_, uint index) {
    uvec4 v = uvec4(seed, step_, index) * 1664525u + 1013904223u;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    v ^= v >> 16;
    v.x += v.y * v.w;
    v.y += v.z * v.x;
    v.z += v.x * v.y;
    v.w += v.y * v.z;
    return v;
}

vec3 normalNoise(uvec2 seed, uint step_, uint index) {
    uvec4 v = hashOf(seed, step_, index);
    float first = sqrt(-2.0 * log(uniformOf(v.x)));
    float second = sqrt(-2.0 * log(uniformOf(v.z)));
    return vec3(first * turn(uniformOf(v.y)), second * turn(uniformOf(v.w)).x);
}
