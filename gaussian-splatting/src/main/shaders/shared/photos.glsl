// What is learnt about each photo (PhotoParameters): 3x4 colour map, rotation vector, translation.
const uint PHOTO_STRIDE = 18;
const uint PHOTO_COLOURS = 12;
const uint PHOTO_TURN = 12;
const uint PHOTO_SHIFT = 15;
const float COLOUR_PENALTY = 0.01;

// What changes no colour.
float identityOf(uint k) {
    return k % 5 == 0 ? 1.0 : 0.0;
}

vec3 threeAt(FloatsIn values, uint at) {
    return vec3(values.at[at], values.at[at + 1], values.at[at + 2]);
}

// The quaternion w, x, y, z of a rotation vector in radians.
vec4 quaternionOf(vec3 rotation) {
    float angle = length(rotation);
    vec2 half_ = turn(angle / 12.566370614359172);
    return vec4(half_.x, rotation * (angle > 1e-12 ? half_.y / angle : 0.5));
}

// The rotation vector of a quaternion of length one. Drivers' arc tangents need only be good to 12 bits: a step of Newton's
// method by an exact sine and cosine gives the others.
vec3 rotationVectorOf(vec4 q) {
    float sine = length(q.yzw);
    float angle = atan(sine, q.x);
    vec2 there = turn(angle / 6.283185307179586);
    angle += sine * there.x - q.x * there.y;
    return q.yzw * (sine > 1e-12 ? 2.0 * angle / sine : 2.0);
}

// The rotation by q and then by p.
vec4 after(vec4 p, vec4 q) {
    return vec4(p.x * q.x - dot(p.yzw, q.yzw), p.x * q.yzw + q.x * p.yzw + cross(p.yzw, q.yzw));
}
