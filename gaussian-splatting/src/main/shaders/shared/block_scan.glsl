// Sums before each of the 256 invocations of a workgroup, without subgroup operations: the same on every device.
// To be called by all invocations.
shared uint blockSums[2][256];

uint blockExclusiveSum(uint value, out uint total) {
    uint me = gl_LocalInvocationIndex;
    uint side = 0;
    blockSums[0][me] = value;
    barrier();
    for (uint reach = 1; reach < 256; reach <<= 1) {
        uint sum = blockSums[side][me];
        // The index is valid also where the value is not wanted: loads may be done ahead of the test.
        uint before = blockSums[side][me >= reach ? me - reach : 0];
        side ^= 1;
        blockSums[side][me] = me >= reach ? sum + before : sum;
        barrier();
    }
    total = blockSums[side][255];
    uint exclusive = blockSums[side][me] - value;
    barrier();
    return exclusive;
}
