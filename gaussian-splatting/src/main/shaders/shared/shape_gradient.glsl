// The way back from the screen to a Gaussian's parameters (Ye et al. 2023), but for its colour.

// Sums over a Gaussian's pixels, v being the gradient by the logarithm of alpha and d the offset from the centre.
struct Hit {
    float moment; // v
    vec2 moments1; // v d
    vec3 moments2; // v dx dx, v dx dy, v dy dy
    vec3 colour; // the gradient by red, green, blue
    float depth; // and by what the depth plane adds up
    bool absolute; // whether the next ones were summed
    vec2 pulls; // absolute values of each pixel's gradient by the projected centre
};

// What the projection left: the conic, unscaled, and the opacity.
struct Seen {
    vec3 conic;
    float opacity;
};

struct ShapeGradient {
    vec3 mean;
    vec3 logScale;
    vec4 quaternion;
    float logit;
    vec3 turn; // by a small rotation of the camera's axes
    float screen; // length of the gradient by the projected centre, in normalised device coordinates
};

// The gradient by everything but the colour.
ShapeGradient shapeGradientOf(Shape s, Hit hit, Seen seen, Step v) {
    Located p = locate(offsetOf(s.mean, v), v);
    ShapeGradient g;

    // The gradient by the conic a, b, c is -(Sxx / 2, Sxy, Syy / 2).
    float a = seen.conic.x;
    float b = seen.conic.y;
    float c = seen.conic.z;
    vec2 byCentre = vec2(a * hit.moments1.x + b * hit.moments1.y, b * hit.moments1.x + c * hit.moments1.y);
    g.screen = 0.5 * length((hit.absolute ? hit.pulls : byCentre) * vec2(v.size));
    g.logit = hit.moment * (1.0 - seen.opacity);

    // G = -Q dQ Q with dQ = -S/2: the gradient by the projected covariance, symmetric.
    float m00 = a * hit.moments2.x + b * hit.moments2.y;
    float m01 = a * hit.moments2.y + b * hit.moments2.z;
    float m10 = b * hit.moments2.x + c * hit.moments2.y;
    float m11 = b * hit.moments2.y + c * hit.moments2.z;
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
            g00 += hit.moment * (factor * (f.yy - LOW_PASS) - 0.5 * a);
            g01 += hit.moment * (-factor * f.xy - 0.5 * b);
            g11 += hit.moment * (factor * (f.xx - LOW_PASS) - 0.5 * c);
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
    float byBlended = v.inverseDepths != 0 ? -hit.depth * nearness * nearness : hit.depth;
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
    return g;
}
