// What one view and step need; written by StepBlock in this order. Take components of its vectors from a copy: asked for the
// second component of a vector behind an address, Mesa 22.3 gives the first.
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Step {
    vec3 right; // rows of the rotation camera from world
    vec3 down;
    vec3 forward;
    vec3 centre; // camera centre in the world, and what its rounding to floats left over
    vec3 centreRest;
    vec2 focal;
    vec2 principal;
    vec2 minSlope; // bounds of x/z and y/z in the Jacobian of a pinhole
    vec2 maxSlope;
    uvec2 size;
    uvec2 tiles;
    uint degree; // of the spherical harmonics
    vec3 background;
    float bySimilarity; // factors of the loss gradient
    float byAbsolute;
    float meansStep; // rates with the correction of the first moment in them
    float logScalesStep;
    float quaternionsStep;
    float logitsStep;
    float shBaseStep;
    float shRestStep;
    float correctSecond;
    float opacityPenalty;
    float scalePenalty;
    float noise; // times the rate of the centres; 0 for none
    uvec2 seed; // low word first
    uint iteration; // from 1
    uint inverseDepths; // 1 where the depth plane adds up 1 / (depth + depthOffset)
    float depthOffset;
    uint dropBelow; // Gaussians whose hash has 24 bits below this are left out
    float opacityGain; // what the others' opacities are raised by, 1 for nothing
    vec4 mapRed; // rows of the photo's colour map
    vec4 mapGreen;
    vec4 mapBlue;
    float byDepth; // factor of the gradient of the depth term
    uint parallel; // 1 for a parallel projection: focal is then pixels per scene unit
    uint mip; // 1 where the low-pass dims what it widens
    uint gaussians; // how many there are
};

// The rows of partial sums of the loss.
const uint SUM_ABSOLUTE = 0;
const uint SUM_SIMILARITY = 1;
const uint SUM_DEPTH = 2;
const uint SUM_MAP = 3; // the gradient by the colour map, 12 rows
const uint SUM_POSE = 15; // the gradient by the pose, 6 rows, of groups of Gaussians
const uint SUMS = 21;

// What a step tells the host, and what its later stages ask the earlier ones: how many Gaussians meet a tile; how many hits
// the view has; how many are listed, all or, without room, none; 1 when there was no room, and the step changes nothing;
// 1 when counting and listing of hits did not agree; the sums of the loss, each with what rounding left over.
#define STATUS_MEMBERS \
    uint visible; \
    uint neededHits; \
    uint hits; \
    uint overflow; \
    uint disagreements; \
    vec2 sums[SUMS];

layout(buffer_reference, scalar, buffer_reference_align = 4) buffer Status { STATUS_MEMBERS };
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer StatusIn { STATUS_MEMBERS };
