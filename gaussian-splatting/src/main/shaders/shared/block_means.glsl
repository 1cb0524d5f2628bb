// The weighted means of a block from the sums of its slices; to be included behind push constants with these, and called by
// all threads of a group.
struct Means {
    float weight; // sum of the weights
    float own;
    float goal;
};

// Adds up a number's slices.
float slicesOf(FloatsIn sums, uint number) {
    uint thread = gl_LocalInvocationID.x;
    return groupSum(thread < SLICES ? sums.at[number * SLICES + thread] : 0.0);
}

Means meansOf(uint block) {
    Means m;
    m.weight = slicesOf(push.means, 3 * block);
    m.own = slicesOf(push.means, 3 * block + 1) / max(m.weight, 1e-30);
    m.goal = slicesOf(push.means, 3 * block + 2) / max(m.weight, 1e-30);
    return m;
}
