// Real spherical harmonics up to degree 3 as polynomials of a unit direction (Sloan 2013, appendix A2), in the order and
// with the signs of splat files.
const float SH_0 = 0.28209479177387814;
const float SH_1 = 0.4886025119029199;
const float SH_20 = 1.0925484305920792;
const float SH_22 = 0.31539156525252005;
const float SH_24 = 0.5462742152960396;
const float SH_30 = 0.5900435899266435;
const float SH_31 = 2.890611442640554;
const float SH_32 = 0.4570457994644658;
const float SH_33 = 0.3731763325901154;
const float SH_35 = 1.445305721320277;

uint shCount(uint degree) {
    return (degree + 1) * (degree + 1);
}

// The basis; zero above the degree.
void shBasis(uint degree, vec3 d, out float y[16]) {
    for (int k = 1; k < 16; k++) {
        y[k] = 0.0;
    }
    y[0] = SH_0;
    if (degree >= 1) {
        y[1] = -SH_1 * d.y;
        y[2] = SH_1 * d.z;
        y[3] = -SH_1 * d.x;
    }
    vec3 q = d * d;
    if (degree >= 2) {
        y[4] = SH_20 * d.x * d.y;
        y[5] = -SH_20 * d.y * d.z;
        y[6] = SH_22 * (2.0 * q.z - q.x - q.y);
        y[7] = -SH_20 * d.x * d.z;
        y[8] = SH_24 * (q.x - q.y);
    }
    if (degree >= 3) {
        y[9] = -SH_30 * d.y * (3.0 * q.x - q.y);
        y[10] = SH_31 * d.x * d.y * d.z;
        y[11] = -SH_32 * d.y * (4.0 * q.z - q.x - q.y);
        y[12] = SH_33 * d.z * (2.0 * q.z - 3.0 * q.x - 3.0 * q.y);
        y[13] = -SH_32 * d.x * (4.0 * q.z - q.x - q.y);
        y[14] = SH_35 * d.z * (q.x - q.y);
        y[15] = -SH_30 * d.x * (q.x - 3.0 * q.y);
    }
}

// The gradient by the direction of the basis' sum with these weights (zero above the degree), not projected to the sphere.
vec3 shGradient(vec3 d, float w[16]) {
    vec3 q = d * d;
    vec3 g = vec3(-SH_1 * w[3], -SH_1 * w[1], SH_1 * w[2]);
    g.x += SH_20 * (d.y * w[4] - d.z * w[7]) + 2.0 * d.x * (SH_24 * w[8] - SH_22 * w[6]);
    g.y += SH_20 * (d.x * w[4] - d.z * w[5]) - 2.0 * d.y * (SH_24 * w[8] + SH_22 * w[6]);
    g.z += 4.0 * SH_22 * d.z * w[6] - SH_20 * (d.y * w[5] + d.x * w[7]);
    g.x += -6.0 * SH_30 * d.x * d.y * w[9] + SH_31 * d.y * d.z * w[10] + 2.0 * SH_32 * d.x * d.y * w[11]
            - 6.0 * SH_33 * d.x * d.z * w[12] - SH_32 * (4.0 * q.z - 3.0 * q.x - q.y) * w[13]
            + 2.0 * SH_35 * d.x * d.z * w[14] - 3.0 * SH_30 * (q.x - q.y) * w[15];
    g.y += -3.0 * SH_30 * (q.x - q.y) * w[9] + SH_31 * d.x * d.z * w[10] - SH_32 * (4.0 * q.z - q.x - 3.0 * q.y) * w[11]
            - 6.0 * SH_33 * d.y * d.z * w[12] + 2.0 * SH_32 * d.x * d.y * w[13] - 2.0 * SH_35 * d.y * d.z * w[14]
            + 6.0 * SH_30 * d.x * d.y * w[15];
    g.z += SH_31 * d.x * d.y * w[10] - 8.0 * SH_32 * d.y * d.z * w[11] + 3.0 * SH_33 * (2.0 * q.z - q.x - q.y) * w[12]
            - 8.0 * SH_32 * d.x * d.z * w[13] + SH_35 * (q.x - q.y) * w[14];
    return g;
}
