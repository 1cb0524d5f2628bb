package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Colour;
import java.util.Arrays;

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

    /** Blends the listed hits into the scratch planes and notes which blocks each one changed. */
    abstract void blend(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels);

    /** Writes the gradient of each hit that changed a block. */
    abstract void gradients(Frame frame, float[] features, int tile, float tileX, float tileY, TileScratch pixels);

    /** The first pixel centre of a block, relative to the tile. */
    static float blockX(int block) {
        return (block & 3) * TileScratch.BLOCK + 0.5f;
    }

    /** The first pixel centre of a block, relative to the tile. */
    static float blockY(int block) {
        return (block >> 2) * TileScratch.BLOCK + 0.5f;
    }

    /** Renders a tile into the frame's planes; the features are the Gaussians' own, [N, channels]. */
    final void forward(
            Frame frame, float[] features, Projection view, int tile, Colour background, TileScratch pixels) {
        int x0 = tile % view.tilesX * TileCover.TILE;
        int y0 = tile / view.tilesX * TileCover.TILE;
        int pixelsX = Math.min(TileCover.TILE, view.width - x0);
        int pixelsY = Math.min(TileCover.TILE, view.height - y0);
        pixels.begin(pixelsX, pixelsY);
        Arrays.fill(pixels.red, 0);
        Arrays.fill(pixels.green, 0);
        Arrays.fill(pixels.blue, 0);
        Arrays.fill(pixels.depth, 0);
        pixels.beginFeatures(frame.featureChannels);
        blend(frame, features, tile, x0, y0, pixels);
        for (int y = 0; y < pixelsY; y++) {
            int row = (y0 + y) * view.width + x0;
            for (int x = 0; x < pixelsX; x++) {
                int from = TileScratch.index(x, y);
                float through = Math.abs(pixels.transmittance[from]);
                frame.red[row + x] = pixels.red[from] + through * background.red();
                frame.green[row + x] = pixels.green[from] + through * background.green();
                frame.blue[row + x] = pixels.blue[from] + through * background.blue();
                frame.depth[row + x] = pixels.depth[from];
                frame.alpha[row + x] = 1 - through;
            }
            for (int c = 0; c < frame.featureChannels; c++) {
                int plane = c * frame.width * frame.height + row;
                for (int x = 0; x < pixelsX; x++) {
                    frame.features[plane + x] = pixels.features[c * TileScratch.PIXELS + TileScratch.index(x, y)];
                }
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
        pixels.begin(pixelsX, pixelsY);
        if (pixelsX < TileCover.TILE || pixelsY < TileCover.TILE) {
            pixels.clearGradients();
        }
        for (int y = 0; y < pixelsY; y++) {
            int row = (y0 + y) * view.width + x0;
            for (int x = 0; x < pixelsX; x++) {
                int to = TileScratch.index(x, y);
                float red = frame.redGradient[row + x];
                float green = frame.greenGradient[row + x];
                float blue = frame.blueGradient[row + x];
                pixels.red[to] = red;
                pixels.green[to] = green;
                pixels.blue[to] = blue;
                pixels.behind[to] =
                        red * frame.red[row + x] + green * frame.green[row + x] + blue * frame.blue[row + x];
            }
        }
        pixels.beginFeatures(frame.featureChannels);
        if (geometryGradients) {
            for (int y = 0; y < pixelsY; y++) {
                geometryRow(frame, (y0 + y) * view.width + x0, y, pixelsX, pixels);
            }
        } else {
            Arrays.fill(pixels.depthGradient, 0);
            Arrays.fill(pixels.alphaGradient, 0);
        }
        gradients(frame, features, tile, x0, y0, pixels);
    }

    private static void geometryRow(Frame frame, int row, int y, int pixelsX, TileScratch pixels) {
        for (int x = 0; x < pixelsX; x++) {
            int to = TileScratch.index(x, y);
            float byDepth = frame.depthGradient[row + x];
            float byAlpha = frame.alphaGradient[row + x];
            pixels.depthGradient[to] = byDepth;
            pixels.alphaGradient[to] = byAlpha;
            pixels.behind[to] += byDepth * frame.depth[row + x] + byAlpha * frame.alpha[row + x];
        }
        for (int c = 0; c < frame.featureChannels; c++) {
            int plane = c * frame.width * frame.height + row;
            for (int x = 0; x < pixelsX; x++) {
                int to = TileScratch.index(x, y);
                float byFeature = frame.featureGradients[plane + x];
                pixels.features[c * TileScratch.PIXELS + to] = byFeature;
                pixels.behind[to] += byFeature * frame.features[plane + x];
            }
        }
    }
}
