// The blocks of a third of the picture's longer side over which the term of shape takes correlations. Work groups share a
// block's pixels in slices, whose sums every later group adds up in the same order.
const uint BLOCKS = 3; // along the longer side
const uint SLICES = 64;

uint blockSide(uvec2 size) {
    return (max(size.x, size.y) + BLOCKS - 1) / BLOCKS;
}

uvec2 blockGrid(uvec2 size) {
    return (size + blockSide(size) - 1) / blockSide(size);
}

struct Block {
    uvec2 corner;
    uvec2 size;
};

Block blockAt(uint block, uvec2 size) {
    Block b;
    uint side = blockSide(size);
    uint columns = blockGrid(size).x;
    b.corner = uvec2(block % columns, block / columns) * side;
    b.size = min(size - b.corner, uvec2(side));
    return b;
}

// Where one of a block's pixels lies in the picture.
uint pixelOf(Block b, uint index, uint width) {
    return (b.corner.y + index / b.size.x) * width + b.corner.x + index % b.size.x;
}
