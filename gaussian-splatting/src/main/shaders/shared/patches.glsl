// The patches of a photo to which the terms of features hold it: a regular grid, of which every pixel belongs to one cell.
const float LEAST_LENGTH = 0.1; // lengths below about this count as fainter rather than as directions
const uint MOST_CHANNELS = 16;

struct Patch {
    uvec2 corner;
    uvec2 size;
};

Patch patchAt(uint index, uvec2 grid, uvec2 size) {
    Patch p;
    uvec2 cell = uvec2(index % grid.x, index / grid.x);
    p.corner = cell * size / grid;
    p.size = (cell + 1) * size / grid - p.corner;
    return p;
}

uint pixelOf(Patch p, uint index, uint width) {
    return (p.corner.y + index / p.size.x) * width + p.corner.x + index % p.size.x;
}
