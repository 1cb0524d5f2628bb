// From a Gaussian to the screen, as far as the way there and the way back share it (Ye et al. 2023).
const float NEAR = 0.01;
const float LOW_PASS = 0.3; // added to the diagonal of the projected covariance, square pixels

// Where parameters lie in a cloud's buffer of shapes: centres, logarithms of scales, quaternions, logits.
struct Shape {
    vec3 mean;
    vec3 logScale;
    vec4 quaternion; // w, x, y, z
    float logit;
};

Shape shapeOf(FloatsIn shapes, uint i, uint stride) {
    Shape s;
    s.mean = vec3(shapes.at[3 * i], shapes.at[3 * i + 1], shapes.at[3 * i + 2]);
    uint at = 3 * stride + 3 * i;
    s.logScale = vec3(shapes.at[at], shapes.at[at + 1], shapes.at[at + 2]);
    at = 6 * stride + 4 * i;
    s.quaternion = vec4(shapes.at[at], shapes.at[at + 1], shapes.at[at + 2], shapes.at[at + 3]);
    s.logit = shapes.at[10 * stride + i];
    return s;
}

// The centre relative to the camera, in the world's axes.
vec3 offsetOf(vec3 mean, Step view) {
    precise vec3 offset = (mean - view.centre) - view.centreRest;
    return offset;
}

// The columns of the rotation of a quaternion of any length.
mat3 rotationOf(vec4 q) {
    float s = 2.0 / dot(q, q);
    float w = q.x;
    float x = q.y;
    float y = q.z;
    float z = q.w;
    return mat3(
            1.0 - s * (y * y + z * z), s * (x * y + w * z), s * (x * z - w * y),
            s * (x * y - w * z), 1.0 - s * (x * x + z * z), s * (y * z + w * x),
            s * (x * z + w * y), s * (y * z - w * x), 1.0 - s * (x * x + y * y));
}

// Where a Gaussian's centre falls.
struct Located {
    vec2 plane; // x/z and y/z for a pinhole, x and y for a parallel projection
    float depth;
    float inverseDepth;
    vec2 pixel;
};

Located locate(vec3 offset, Step view) {
    Located p;
    p.depth = dot(view.forward, offset);
    p.inverseDepth = 1.0 / p.depth;
    p.plane = vec2(dot(view.right, offset), dot(view.down, offset)) * (view.parallel != 0 ? 1.0 : p.inverseDepth);
    p.pixel = view.focal * p.plane + view.principal;
    return p;
}

bool isAhead(Located p) {
    return p.depth >= NEAR;
}

// The rows of K = J W, the derivative of the pixel by the world position.
struct PixelByWorld {
    vec3 x;
    vec3 y;
    vec2 slope; // minus x/z and y/z, held within bounds; 0 for a parallel projection
    vec2 scale; // focal lengths over the depth; pixels per scene unit for a parallel projection
};

PixelByWorld pixelByWorld(Located p, Step view) {
    PixelByWorld k;
    bool parallel = view.parallel != 0;
    k.slope = parallel ? vec2(0.0) : -clamp(p.plane, view.minSlope, view.maxSlope);
    k.scale = view.focal * (parallel ? 1.0 : p.inverseDepth);
    k.x = k.scale.x * (view.right + k.slope.x * view.forward);
    k.y = k.scale.y * (view.down + k.slope.y * view.forward);
    return k;
}

vec3 directionOf(vec3 offset, Step view) {
    return view.parallel != 0 ? view.forward : offset * inversesqrt(dot(offset, offset));
}

// The covariance on the screen with its low-pass, from the rows of B = K R S, and its determinants.
struct Footprint {
    float xx;
    float xy;
    float yy;
    float detBefore;
    float det;
};

const float MIN_COMPENSATION = 0.005;

Footprint footprintOf(vec3 bx, vec3 by) {
    Footprint f;
    f.xx = dot(bx, bx) + LOW_PASS;
    f.xy = dot(bx, by);
    f.yy = dot(by, by) + LOW_PASS;
    // As a sum of squares: xx * yy - xy * xy would cancel for long thin Gaussians.
    vec3 minor = cross(bx, by);
    f.detBefore = dot(minor, minor);
    f.det = f.detBefore + LOW_PASS * (f.xx + f.yy - LOW_PASS);
    return f;
}
