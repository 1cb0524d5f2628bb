// To be included after layout(local_size_x = ...) in.
// One-dimensional work on a grid that is folded in two dimensions past 65,535 groups: the last row may hold groups
// beyond the work, so every kernel compares its index with its count.
uint flatGroup() {
    return gl_WorkGroupID.y * gl_NumWorkGroups.x + gl_WorkGroupID.x;
}

uint flatInvocation() {
    return flatGroup() * gl_WorkGroupSize.x + gl_LocalInvocationIndex;
}
