// What one view and step need; written by StepBlock in this order. Take components of its vectors from a copy: asked for the
// second component of a vector behind an address, Mesa 22.3 gives the first.
layout(buffer_reference, scalar, buffer_reference_align = 4) readonly buffer Step {
#include "shared/step_members.glsl"
};
layout(buffer_reference, scalar, buffer_reference_align = 4) buffer OpenStep {
#include "shared/step_members.glsl"
};

// The rows of partial sums of the loss.
const uint SUM_ABSOLUTE = 0;
const uint SUM_SIMILARITY = 1;
const uint SUM_DEPTH = 2;
const uint SUM_MAP = 3; // the gradient by the colour map, 12 rows
const uint SUM_BACKGROUND = 15; // the gradient by the background, 3 rows
const uint SUM_NORMALS = 18;
const uint SUM_POSE = 19; // the gradient by the pose, 6 rows, of groups of Gaussians
const uint SUM_SHAPE = 25; // of blocks of the picture
const uint SUM_PATCHES = 26; // of patches
const uint SUM_PENALTY = 27; // of the colour map, one number
const uint SUMS = 28;

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
