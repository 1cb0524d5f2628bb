// A projected Gaussian: 16 floats. The conic and the logarithm are scaled such that alpha = exp2(exponent).
const uint SPLAT_STRIDE = 16;
const uint SPLAT_X = 0;
const uint SPLAT_Y = 1;
const uint SPLAT_XX = 2;
const uint SPLAT_XY = 3;
const uint SPLAT_YY = 4;
const uint SPLAT_LOG = 5;
const uint SPLAT_RED = 6;
const uint SPLAT_GREEN = 7;
const uint SPLAT_BLUE = 8;
const uint SPLAT_DEPTH = 9;
const uint SPLAT_EX = 10; // half width and height of the ellipse where alpha is 1/255
const uint SPLAT_EY = 11;
const uint SPLAT_SLOPE = 12; // covariance xy over yy
const uint SPLAT_CHORD = 13; // square root of the covariance's determinant, over yy
const uint SPLAT_OPACITY = 14; // without dropout's gain
const uint SPLAT_BLENDED_DEPTH = 15; // what the depth plane adds up: the depth or its inverse

const uint TILE = 16;
const uint TILE_PIXELS = TILE * TILE;
const float LOG2_E = 1.4426950408889634;
const float MIN_ALPHA = 1.0 / 255.0;
const float MAX_ALPHA = 0.99;
const float MIN_EXPONENT = -7.994353436858858; // log2 of MIN_ALPHA
const float MIN_TRANSMITTANCE = 1e-4; // a pixel is finished before the Gaussian that would bring it here

// The sums of a hit: moments of the alpha gradient (6), colour (3), depth (1); where asked for, absolute gradients by the
// centre (2); and at the end one for each feature channel.
const uint HIT_VALUES = 10;
const uint HIT_PULLS = 10;

// Where a thread's pixel lies in its tile: 16 blocks of 4x4 pixels, one after the other.
uvec2 tilePixel(uint index) {
    uint block = index >> 4;
    return uvec2((block & 3) * 4 + (index & 3), (block >> 2) * 4 + (index >> 2 & 3));
}

// The blocks of a tile that a box meets, a bit each; centre relative to the tile.
uint blocksOf(vec2 centre, vec2 extent) {
    uvec2 first = uvec2(clamp((centre - extent + 0.48) * 0.25, 0.0, 4.0));
    uvec2 end = uvec2(clamp((centre + extent + 3.52) * 0.25, 0.0, 4.0));
    uint columns = (0xfu << first.x) & (0xfu >> (4 - end.x));
    uint rows = (0xffffu << (4 * first.y)) & (0xffffu >> (4 * (4 - end.y)));
    return (columns * 0x1111u) & rows;
}

// The exponent of alpha at an offset from the centre. Precise, as is what is left behind a splat: the way back has to make
// the very decisions of the way there.
float exponentAt(vec2 d, vec4 conic) {
    precise float cross = conic.y * d.y;
    precise float inner = fma(conic.x, d.x, cross);
    precise float square = conic.z * d.y;
    precise float outer = fma(square, d.y, conic.w);
    precise float exponent = fma(d.x, inner, outer);
    return exponent;
}

float leftBehind(float through, float weight) {
    precise float left = through - weight;
    return left;
}

float weightOf(float through, float alpha) {
    precise float weight = through * alpha;
    return weight;
}
