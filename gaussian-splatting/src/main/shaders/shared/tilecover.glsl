// Which tiles an ellipse meets (see TileCover in the JVM engine). Counting and listing both walk the rows with these
// functions, whose arithmetic is precise, so that they agree to the bit.
const float COVER_MARGIN = 0.02;

struct Cover {
    int firstColumn;
    int lastColumn;
    int firstRow;
    int lastRow;
    bool box; // one row or one column of tiles: all of them are met
};

int firstTile(float position) {
    precise float q = (position - 15.5) / 16.0;
    return int(ceil(clamp(q, -1e6, 1e6)));
}

int lastTile(float position) {
    precise float q = (position - 0.5) / 16.0;
    return int(floor(clamp(q, -1e6, 1e6)));
}

Cover coverOf(float x, float y, float ex, float ey, ivec2 tiles) {
    precise float grownX = ex + COVER_MARGIN;
    precise float grownY = ey + COVER_MARGIN;
    precise float left = x - grownX;
    precise float right = x + grownX;
    precise float top = y - grownY;
    precise float bottom = y + grownY;
    Cover c;
    c.firstColumn = max(0, firstTile(left));
    c.lastColumn = min(tiles.x - 1, lastTile(right));
    c.firstRow = max(0, firstTile(top));
    c.lastRow = min(tiles.y - 1, lastTile(bottom));
    if (c.firstColumn > c.lastColumn) {
        c.lastRow = c.firstRow - 1;
    }
    c.box = c.firstColumn == c.lastColumn || c.firstRow == c.lastRow;
    return c;
}

// The columns, first and last, of one row of tiles that are met; none when the last is before the first.
ivec2 coverRow(Cover c, int row, float x, float y, float ex, float ey, float slope, float chord) {
    if (c.box) {
        return ivec2(c.firstColumn, c.lastColumn);
    }
    precise float tip = slope * ey * ey / ex;
    precise float top = max(float(row) * 16.0 + 0.5 - y - COVER_MARGIN, -ey);
    precise float bottom = min(float(row) * 16.0 + 16.0 - 0.5 - y + COVER_MARGIN, ey);
    precise float right = min(max(tip, top), bottom);
    precise float left = min(max(-tip, top), bottom);
    precise float rootRight = sqrt(max(0.0, ey * ey - right * right));
    precise float rootLeft = sqrt(max(0.0, ey * ey - left * left));
    precise float reachRight = slope * right + chord * rootRight + COVER_MARGIN;
    precise float reachLeft = slope * left - chord * rootLeft - COVER_MARGIN;
    precise float from = x + reachLeft;
    precise float to = x + reachRight;
    return ivec2(max(c.firstColumn, firstTile(from)), min(c.lastColumn, lastTile(to)));
}
