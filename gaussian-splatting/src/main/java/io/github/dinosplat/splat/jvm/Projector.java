package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import java.util.Arrays;

/**
 * Projects Gaussians to the screen: centre, covariance with its low-pass, colour, extent, tiles met (Kerbl et al. 2023,
 * section 4; Ye et al. 2023, "Mathematical supplement for gsplat"). Lists the tiles of a chunk of Gaussians apart from the rest:
 * how many there are cannot be guessed, and a wrong guess at the end of a long calculation would undo what was begun of
 * the next one's.
 */
final class Projector {

    /** Gaussians handled by one task; any number gives the same result. */
    static final int CHUNK = 256;

    /** Depths, colours and features beyond this are no use and would drown the others' gradients: they are not drawn. */
    private static final float LARGEST = 1e12f;

    private static final float LOG_255 = (float) Math.log(255);

    private final Gaussians gaussians;
    private final Projection view;
    private final RenderOptions options;
    private final Frame frame;
    private final Scratch[] scratch;

    Projector(Gaussians gaussians, Projection view, RenderOptions options, Frame frame, int workers) {
        this.gaussians = gaussians;
        this.view = view;
        this.options = options;
        this.frame = frame;
        this.scratch = new Scratch[workers];
        Arrays.setAll(scratch, w -> new Scratch(view.tiles()));
    }

    /** What a worker keeps of the Gaussians of a chunk that may be seen. */
    private static final class Scratch {

        final Footprint footprint = new Footprint();
        final float[] basis = new float[Gaussians.SH_COEFFICIENTS];
        final int[] candidates = new int[CHUNK];

        /** See {@link TileCover}. */
        final float[] slopes = new float[CHUNK];

        final float[] chords = new float[CHUNK];

        /** Tiles met by the Gaussians of the chunk. */
        int[] tiles;

        Scratch(int tiles) {
            this.tiles = new int[tiles + 4 * CHUNK];
        }
    }

    void run(Workers workers) {
        int n = gaussians.count();
        frame.reserveGaussians(n);
        workers.forEach((n + CHUNK - 1) / CHUNK, (chunk, worker) -> {
            int first = chunk * CHUNK;
            int end = Math.min(n, first + CHUNK);
            activate(first, end);
            Arrays.fill(frame.hitCount, first, end, 0);
            int found = shapes(first, end, scratch[worker]);
            tiles(chunk, found, scratch[worker]);
        });
    }

    /** From the parameters to standard deviations and opacities. */
    private void activate(int first, int end) {
        float[] logScales = gaussians.logScales();
        float[] scales = frame.scales;
        for (int k = 3 * first; k < 3 * end; k++) {
            scales[k] = FloatMath.exp(logScales[k]);
        }
        float[] logits = gaussians.logitOpacities();
        float[] opacities = frame.opacities;
        for (int i = first; i < end; i++) {
            opacities[i] = FloatMath.sigmoid(logits[i]);
        }
    }

    /** Projects Gaussians; returns how many may be seen. */
    private int shapes(int first, int end, Scratch own) {
        int found = 0;
        for (int i = first; i < end; i++) {
            if (shape(i, own, found)) {
                own.candidates[found++] = i;
            }
        }
        return found;
    }

    /** Projects one Gaussian as the next candidate; returns whether it may be seen. */
    private boolean shape(int i, Scratch own, int candidate) {
        Footprint f = own.footprint;
        if (!f.locate(gaussians, i, view) || !(f.depth <= LARGEST)) {
            return false;
        }
        float rendered = view.dropout.opacity(frame.opacities[i]);
        if (!(rendered >= BlendMath.MIN_ALPHA) || view.dropout.drops(i)) {
            return false;
        }
        f.shape(gaussians, i, frame.scales);
        float shown = options.mip() ? rendered * f.compensation() : rendered;
        if (!(f.det > 0)
                || Float.isInfinite(f.det)
                || !(Math.abs(f.x) + Math.abs(f.y) < 1e7f)
                || !(shown >= BlendMath.MIN_ALPHA)) {
            return false;
        }
        float logOpacity = FloatMath.log(shown);
        float reach = 2 * (logOpacity + LOG_255);
        float ex = (float) Math.sqrt(Math.max(0, reach * f.xx));
        float ey = (float) Math.sqrt(Math.max(0, reach * f.yy));
        // Far enough from all tiles; the others find out exactly.
        if (f.x + ex < -1
                || f.y + ey < -1
                || f.x - ex > view.tilesX * TileCover.TILE + 1
                || f.y - ey > view.tilesY * TileCover.TILE + 1) {
            return false;
        }
        own.slopes[candidate] = f.xy / f.yy;
        own.chords[candidate] = (float) Math.sqrt(f.det) / f.yy;
        frame.depths[i] = f.depth;
        float[] splats = frame.splats;
        int at = i * Splat.STRIDE;
        float half = -0.5f * BlendMath.EXPONENT_PER_NATURAL_LOG / f.det;
        splats[at + Splat.X] = f.x;
        splats[at + Splat.Y] = f.y;
        splats[at + Splat.XX] = half * f.yy;
        splats[at + Splat.XY] = -2 * half * f.xy;
        splats[at + Splat.YY] = half * f.xx;
        splats[at + Splat.LOG] = logOpacity * BlendMath.EXPONENT_PER_NATURAL_LOG;
        splats[at + Splat.EX] = ex;
        splats[at + Splat.EY] = ey;
        splats[at + Splat.DEPTH] = view.measure.of(f.depth);
        return featuresAreUsable(i) && colour(i, f, own.basis, splats, at);
    }

    /** Lists the tiles that the candidates meet. */
    private void tiles(int chunk, int found, Scratch own) {
        float[] s = frame.splats;
        int listed = 0;
        for (int c = 0; c < found; c++) {
            if (own.tiles.length - listed < view.tiles()) {
                own.tiles = Arrays.copyOf(own.tiles, 2 * own.tiles.length + view.tiles());
            }
            int i = own.candidates[c];
            int at = i * Splat.STRIDE;
            int met = TileCover.list(
                    s[at + Splat.X],
                    s[at + Splat.Y],
                    s[at + Splat.EX],
                    s[at + Splat.EY],
                    own.slopes[c],
                    own.chords[c],
                    view.tilesX,
                    view.tilesY,
                    own.tiles,
                    listed);
            frame.hitCount[i] = met;
            listed += met;
        }
        frame.keepTiles(chunk, own.tiles, listed);
    }

    private boolean featuresAreUsable(int i) {
        float largest = 0;
        for (int c = frame.featureChannels * i; c < frame.featureChannels * (i + 1); c++) {
            largest = Math.max(largest, Math.abs(gaussians.features()[c]));
        }
        return largest <= LARGEST;
    }

    /** Fills in the colour; returns whether it is usable. */
    private boolean colour(int i, Footprint f, float[] y, float[] splats, int at) {
        float[] sh = gaussians.sh();
        view.direction(f);
        SphericalHarmonics.basis(options.shDegree(), f.nx, f.ny, f.nz, y);
        int base = i * Gaussians.SH_COEFFICIENTS * 3;
        float red = 0.5f;
        float green = 0.5f;
        float blue = 0.5f;
        for (int k = 0; k < SphericalHarmonics.count(options.shDegree()); k++) {
            red += y[k] * sh[base + 3 * k];
            green += y[k] * sh[base + 3 * k + 1];
            blue += y[k] * sh[base + 3 * k + 2];
        }
        splats[at + Splat.RED] = Math.max(0, red);
        splats[at + Splat.GREEN] = Math.max(0, green);
        splats[at + Splat.BLUE] = Math.max(0, blue);
        return Math.abs(red) + Math.abs(green) + Math.abs(blue) <= LARGEST;
    }
}
