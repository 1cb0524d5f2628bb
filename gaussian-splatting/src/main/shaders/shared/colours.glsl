// Coefficients of colours in memory: 48 numbers a Gaussian, each in 32 bits or, where SH16 is defined, in 16, two to a word:
// coefficients as halves, moments as the upper halves of floats, which have the range that squares of gradients need.
const uint SH = 48;

#ifdef SH16

const uint SH_IN_WORD = 2;
#define Coefficients Uints
#define CoefficientsIn UintsIn

vec2 widened(uint halves) {
    return unpackHalf2x16(halves);
}

vec2 widenedMoments(uint upper) {
    return uintBitsToFloat(uvec2(upper << 16, upper & 0xffff0000u));
}

// Rounds up or down by chance, so that steps below the last bit are not lost but come about as often as they should.
uint narrowed(vec2 value, uint random) {
    uvec2 chance = uvec2(random, random >> 16) & 0x1fff;
    return packHalf2x16(uintBitsToFloat((floatBitsToUint(value) + chance) & 0xffffe000u));
}

uint narrowedMoments(vec2 value, uint random) {
    uvec2 bits = floatBitsToUint(value) + (uvec2(random, random >> 16) & 0xffff);
    return bits.x >> 16 | (bits.y & 0xffff0000u);
}

float coefficient(CoefficientsIn sh, uint i, uint n) {
    return widened(sh.at[i * (SH / 2) + n / 2])[n & 1];
}

#else

const uint SH_IN_WORD = 1;
#define Coefficients Floats
#define CoefficientsIn FloatsIn

float coefficient(CoefficientsIn sh, uint i, uint n) {
    return sh.at[i * SH + n];
}

#endif
