// Adds up one value a thread of a group of 256, always in the same order; thread 0 receives the sum.
shared float partSums[256];

float groupSum(float value) {
    uint thread = gl_LocalInvocationIndex;
    barrier();
    partSums[thread] = value;
    for (uint half_ = 128; half_ > 0; half_ >>= 1) {
        barrier();
        if (thread < half_) {
            partSums[thread] += partSums[thread + half_];
        }
    }
    barrier();
    return partSums[0];
}
