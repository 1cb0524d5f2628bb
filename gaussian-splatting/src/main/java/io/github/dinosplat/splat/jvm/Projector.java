package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;
import java.util.Arrays;

/**
 * Projects Gaussians to the screen: centre, covariance with its low-pass, colour, extent, tiles met (Kerbl et al. 2023,
 * section 4; Ye et al. 2023, "Mathematical supplement for gsplat").
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
        Arrays.setAll(scratch, w -> new Scratch());
    }

    /** What a worker needs. */
    private static final class Scratch {

        final Footprint footprint = new Footprint();
        final float[] basis = new float[Gaussians.SH_COEFFICIENTS];

        /** Tiles met by the Gaussians of a chunk. */
        int[] tiles = new int[0];
    }

    void run(Workers workers) {
        int n = gaussians.count();
        frame.reserveGaussians(n);
        workers.forEach((n + CHUNK - 1) / CHUNK, (chunk, worker) -> {
            int first = chunk * CHUNK;
            int end = Math.min(n, first + CHUNK);
            activate(first, end);
            project(chunk, first, end, scratch[worker]);
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

    private void project(int chunk, int first, int end, Scratch own) {
        int listed = 0;
        for (int i = first; i < end; i++) {
            if (own.tiles.length - listed < view.tiles()) {
                own.tiles = Arrays.copyOf(own.tiles, 2 * own.tiles.length + view.tiles());
            }
            frame.hitCount[i] = project(i, own, listed);
            listed += frame.hitCount[i];
        }
        frame.keepTiles(chunk, own.tiles, listed);
    }

    /** Projects one Gaussian; returns how many tiles it meets, listed from a place on, 0 when it cannot be seen. */
    private int project(int i, Scratch own, int listed) {
        Footprint f = own.footprint;
        if (!f.locate(gaussians, i, view) || !(f.depth <= LARGEST)) {
            return 0;
        }
        float rendered = view.dropout.opacity(frame.opacities[i]);
        if (!(rendered >= BlendMath.MIN_ALPHA) || view.dropout.drops(i)) {
            return 0;
        }
        f.shape(gaussians, i, frame.scales);
        float shown = options.mip() ? rendered * f.compensation() : rendered;
        if (!(f.det > 0)
                || Float.isInfinite(f.det)
                || !(Math.abs(f.x) + Math.abs(f.y) < 1e7f)
                || !(shown >= BlendMath.MIN_ALPHA)) {
            return 0;
        }
        float logOpacity = FloatMath.log(shown);
        float reach = 2 * (logOpacity + LOG_255);
        float ex = (float) Math.sqrt(Math.max(0, reach * f.xx));
        float ey = (float) Math.sqrt(Math.max(0, reach * f.yy));
        float slope = f.xy / f.yy;
        float chord = (float) Math.sqrt(f.det) / f.yy;
        int tiles = TileCover.list(f.x, f.y, ex, ey, slope, chord, view.tilesX, view.tilesY, own.tiles, listed);
        if (tiles == 0 || !featuresAreUsable(i)) {
            return 0;
        }
        float[] splats = frame.splats;
        int at = i * Splat.STRIDE;
        float half = -0.5f * BlendMath.EXPONENT_PER_NATURAL_LOG / f.det;
        splats[at + Splat.X] = f.x;
        splats[at + Splat.Y] = f.y;
        splats[at + Splat.XX] = half * f.yy;
        splats[at + Splat.XY] = -2 * half * f.xy;
        splats[at + Splat.YY] = half * f.xx;
        splats[at + Splat.LOG] = logOpacity * BlendMath.EXPONENT_PER_NATURAL_LOG;
        splats[at + Splat.DEPTH] = f.depth;
        splats[at + Splat.EX] = ex;
        splats[at + Splat.EY] = ey;
        splats[at + Splat.SLOPE] = slope;
        splats[at + Splat.CHORD] = chord;
        splats[at + Splat.BLENDED_DEPTH] = view.measure.of(f.depth);
        return colour(i, f, own.basis, splats, at) ? tiles : 0;
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
