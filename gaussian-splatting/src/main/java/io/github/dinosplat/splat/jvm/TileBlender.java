package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Colour;

/**
 * Blends the Gaussians of a tile over each other, nearest first, and takes the gradient of that (Kerbl et al. 2023,
 * eq. 3).
 *
 * <p>The backward pass walks front to back again instead of back to front: with {@code q_i = g . c_i + g_depth z_i +
 * g_alpha} the loss changes with alpha by {@code T_i q_i - R_i / (1 - alpha_i)}, where {@code R_i} is what lies behind,
 * weighted by the same gradient. {@code R} starts as the pixel's whole value and loses {@code w_i q_i} at each Gaussian.
 * It needs no second ordering and makes the very decisions of the forward pass.
 *
 * <p>Per hit it yields sums over pixels with {@code v = dL/dlog(alpha)} and {@code d} the offset from the Gaussian's
 * centre: v, v dx, v dy, v dx dx, v dx dy, v dy dy, the gradient by red, green, blue, and by depth; and the gradient by
 * each feature channel, where features are rendered. Features go by the weights that the colours were given: a pass over
 * the channels follows each hit, and on the way back precedes and follows it.
 */
abstract class TileBlender {

    /**
     * Floating-point operations for a Gaussian at a pixel of a block that it changes, a fused multiply-add as two:
     * exponent 10, alpha 14, transmittance 2, four sums 8.
     */
    static final int FORWARD_FLOP = 34;

    /** Likewise backward: exponent 10, alpha 14, transmittance and weight 3, value 9, slope 6, ten sums 19. */
    static final int BACKWARD_FLOP = 61;

    /**
     * Blends one Gaussian into blocks of the planes.
     *
     * @param s projected Gaussians
     * @param at where this one begins
     * @param x its centre relative to the tile
     * @param y likewise
     * @param blocks a bit for each block that it may meet
     * @param planes of {@link TileScratch}
     * @return a bit for each block that it changed; from bit 16 on, for each that has no unfinished pixel left
     */
    abstract int blendHit(float[] s, int at, float x, float y, int blocks, float[] planes);

    /**
     * Takes the ten gradients of one hit over the blocks that it changed, for {@link #sumHits}, and leaves each pixel's
     * slope and weight.
     *
     * @param hit its number among those summed together
     */
    abstract void gradientHit(float[] s, int at, float x, float y, int blocks, TileScratch pixels, int hit);

    /** Leaves the sums of the first hits' gradients over pixels in the scratch. */
    abstract void sumHits(int hits, TileScratch pixels);

    /** Adds a hit's features by the weights that {@link #blendHit} left. */
    abstract void blendFeatures(float[] features, int from, int channels, int blocks, TileScratch pixels);

    /** What each pixel's gradient gives by this hit's features, with that by opacity, into the plane of values. */
    abstract void featureValues(float[] features, int from, int channels, int blocks, TileScratch pixels);

    /** Writes the gradients by the features by the weights that {@link #gradientHit} left. */
    abstract void featureGradients(int channels, int blocks, TileScratch pixels, float[] out, int to);

    private void blend(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        float[] s = frame.splats;
        int channels = frame.featureChannels;
        int end = frame.tileStart[tile + 1];
        int fetched = frame.tileStart[tile];
        for (int first = frame.tileStart[tile]; first < end; first += TileScratch.HITS) {
            int hits = Math.min(TileScratch.HITS, end - first);
            if (first == fetched) {
                fetched = pixels.fetch(frame, first, end);
            }
            pixels.locate(frame, first, hits, tileX, tileY);
            // For all of them now: from hit to hit, each would wait for the arithmetic of the last. Blocks finished in
            // between cost time but change no more.
            pixels.meet(hits);
            for (int i = 0; i < hits; i++) {
                int gaussian = frame.listGaussian[first + i];
                int at = gaussian * Splat.STRIDE;
                int result = blendHit(s, at, pixels.hitX[i], pixels.hitY[i], pixels.blocks[i], pixels.planes);
                int changed = result & pixels.live;
                pixels.live &= ~(result >>> 16);
                frame.touched[frame.listSlot[first + i]] = (short) changed;
                if (channels > 0) {
                    blendFeatures(features, gaussian * channels, channels, changed, pixels);
                }
            }
        }
    }

    private void gradients(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels) {
        int end = frame.tileStart[tile + 1];
        int fetched = frame.tileStart[tile];
        for (int first = frame.tileStart[tile]; first < end; first += TileScratch.HITS) {
            int hits = Math.min(TileScratch.HITS, end - first);
            if (first == fetched) {
                fetched = pixels.fetch(frame, first, end);
            }
            pixels.locate(frame, first, hits, tileX, tileY);
            pixels.recall(frame, first, hits);
            for (int i = 0; i < hits; i++) {
                if (pixels.blocks[i] != 0) {
                    gradientsOfHit(frame, features, first + i, i, pixels);
                }
            }
            sumHits(hits, pixels);
            keepSums(frame, first, hits, pixels);
        }
    }

    /** Copies the sums to where the hits' gradients belong. */
    private static void keepSums(Frame frame, int first, int hits, TileScratch pixels) {
        for (int i = 0; i < hits; i++) {
            if (pixels.blocks[i] != 0) {
                int from = i * Frame.HIT_VALUES;
                int to = frame.listSlot[first + i] * Frame.HIT_VALUES;
                // For so few values a call to copy them takes longer.
                for (int k = 0; k < Frame.HIT_VALUES; k++) {
                    frame.hitGradients[to + k] = pixels.sums[from + k];
                }
            }
        }
    }

    private void gradientsOfHit(Frame frame, float[] features, int listed, int hit, TileScratch pixels) {
        int gaussian = frame.listGaussian[listed];
        int at = gaussian * Splat.STRIDE;
        int slot = frame.listSlot[listed];
        int blocks = pixels.blocks[hit];
        float x = pixels.hitX[hit];
        float y = pixels.hitY[hit];
        int channels = frame.featureChannels;
        if (channels > 0) {
            featureValues(features, gaussian * channels, channels, blocks, pixels);
        }
        gradientHit(frame.splats, at, x, y, blocks, pixels, hit);
        if (frame.absoluteGradients) {
            absoluteSums(frame.splats, at, x, y, blocks, pixels.planes, frame.absoluteSums, 2 * slot);
        }
        if (channels > 0) {
            featureGradients(channels, blocks, pixels, frame.hitFeatureGradients, slot * channels);
        }
    }

    /** Adds up the absolute values of each pixel's gradient by the projected centre, along both axes. */
    private static void absoluteSums(float[] s, int at, float x, float y, int blocks, float[] p, float[] out, int to) {
        float unscale = -1 / BlendMath.EXPONENT_PER_NATURAL_LOG;
        float a = 2 * unscale * s[at + Splat.XX];
        float b = unscale * s[at + Splat.XY];
        float c = 2 * unscale * s[at + Splat.YY];
        float sumX = 0;
        float sumY = 0;
        for (int left = blocks; left != 0; left &= left - 1) {
            int block = TileScratch.at(Integer.numberOfTrailingZeros(left));
            for (int i = block; i < block + TileScratch.BLOCK_PIXELS; i++) {
                float v = p[i + TileScratch.SLOPE];
                float dx = p[i + TileScratch.X] - x;
                float dy = p[i + TileScratch.Y] - y;
                sumX += Math.abs(v * (a * dx + b * dy));
                sumY += Math.abs(v * (b * dx + c * dy));
            }
        }
        out[to] = sumX;
        out[to + 1] = sumY;
    }

    /** Renders a tile into the frame's planes; the features are the Gaussians' own, [N, channels]. */
    final void forward(
            Frame frame, float[] features, Projection view, int tile, Colour background, TileScratch pixels) {
        int x0 = tile % view.tilesX * TileCover.TILE;
        int y0 = tile / view.tilesX * TileCover.TILE;
        int pixelsX = Math.min(TileCover.TILE, view.width - x0);
        int pixelsY = Math.min(TileCover.TILE, view.height - y0);
        pixels.begin(pixelsX, pixelsY, frame.featureChannels);
        blend(frame, features, tile, x0, y0, pixels);
        int first = y0 * view.width + x0;
        writePicture(frame, first, pixelsX, pixelsY, background, pixels.planes);
        for (int y = 0; y < pixelsY; y++) {
            for (int c = 0; c < frame.featureChannels; c++) {
                int row = (c * frame.height + y) * frame.width + first;
                for (int x = 0; x < pixelsX; x++) {
                    frame.features[row + x] = pixels.features[TileScratch.feature(c, x, y)];
                }
            }
        }
    }

    /**
     * Writes a tile's sums into the frame's planes, over the background.
     *
     * @param first where the tile's first pixel is in the picture
     */
    void writePicture(Frame frame, int first, int pixelsX, int pixelsY, Colour background, float[] p) {
        for (int y = 0; y < pixelsY; y++) {
            int row = first + y * frame.width;
            for (int x = 0; x < pixelsX; x++) {
                int from = TileScratch.index(x, y);
                float through = Math.abs(p[from + TileScratch.TRANSMITTANCE]);
                frame.red[row + x] = p[from + TileScratch.RED] + through * background.red();
                frame.green[row + x] = p[from + TileScratch.GREEN] + through * background.green();
                frame.blue[row + x] = p[from + TileScratch.BLUE] + through * background.blue();
                frame.depth[row + x] = p[from + TileScratch.DEPTH];
                frame.alpha[row + x] = 1 - through;
            }
        }
    }

    /** Takes the gradients of a tile's hits from the frame's planes and gradient planes. */
    final void backward(
            Frame frame, float[] features, Projection view, int tile, boolean geometryGradients, TileScratch pixels) {
        int x0 = tile % view.tilesX * TileCover.TILE;
        int y0 = tile / view.tilesX * TileCover.TILE;
        int pixelsX = Math.min(TileCover.TILE, view.width - x0);
        int pixelsY = Math.min(TileCover.TILE, view.height - y0);
        pixels.begin(pixelsX, pixelsY, frame.featureChannels);
        int first = y0 * view.width + x0;
        readGradients(frame, first, pixelsX, pixelsY, pixels.planes);
        for (int y = 0; geometryGradients && y < pixelsY; y++) {
            geometryRow(frame, first + y * view.width, y, pixelsX, pixels);
        }
        gradients(frame, features, tile, x0, y0, pixels);
    }

    /** Reads a tile's gradients by colour, and with them as weights the colours, which are all behind at first. */
    void readGradients(Frame frame, int first, int pixelsX, int pixelsY, float[] p) {
        for (int y = 0; y < pixelsY; y++) {
            int row = first + y * frame.width;
            for (int x = 0; x < pixelsX; x++) {
                int to = TileScratch.index(x, y);
                float red = frame.redGradient[row + x];
                float green = frame.greenGradient[row + x];
                float blue = frame.blueGradient[row + x];
                p[to + TileScratch.RED] = red;
                p[to + TileScratch.GREEN] = green;
                p[to + TileScratch.BLUE] = blue;
                p[to + TileScratch.BEHIND] =
                        red * frame.red[row + x] + green * frame.green[row + x] + blue * frame.blue[row + x];
            }
        }
    }

    /** The gradients other than by colour. */
    private static void geometryRow(Frame frame, int row, int y, int pixelsX, TileScratch pixels) {
        float[] p = pixels.planes;
        for (int x = 0; x < pixelsX; x++) {
            int to = TileScratch.index(x, y);
            float byDepth = frame.depthGradient[row + x];
            float byAlpha = frame.alphaGradient[row + x];
            p[to + TileScratch.DEPTH] = byDepth;
            p[to + TileScratch.ALPHA] = byAlpha;
            p[to + TileScratch.VALUE] = byAlpha;
            p[to + TileScratch.BEHIND] += byDepth * frame.depth[row + x] + byAlpha * frame.alpha[row + x];
        }
        for (int c = 0; c < frame.featureChannels; c++) {
            int plane = c * frame.width * frame.height + row;
            for (int x = 0; x < pixelsX; x++) {
                float byFeature = frame.featureGradients[plane + x];
                pixels.features[TileScratch.feature(c, x, y)] = byFeature;
                p[TileScratch.index(x, y) + TileScratch.BEHIND] += byFeature * frame.features[plane + x];
            }
        }
    }
}
