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
    static final int CHUNK = 1024;

    /** Depths, colours and features beyond this are no use and would drown the others' gradients: they are not drawn. */
    private static final float LARGEST = 1e12f;

    private static final float LOG_255 = (float) Math.log(255);

    private final Gaussians gaussians;
    private final Projection view;
    private final RenderOptions options;
    private final Frame frame;
    private final Footprint[] footprints;
    private final float[][] basis;

    Projector(Gaussians gaussians, Projection view, RenderOptions options, Frame frame, int workers) {
        this.gaussians = gaussians;
        this.view = view;
        this.options = options;
        this.frame = frame;
        this.basis = new float[workers][Gaussians.SH_COEFFICIENTS];
        this.footprints = new Footprint[workers];
        Arrays.setAll(footprints, w -> new Footprint());
    }

    void run(Workers workers) {
        int n = gaussians.count();
        frame.reserveGaussians(n);
        workers.forEach((n + CHUNK - 1) / CHUNK, (chunk, worker) -> {
            int end = Math.min(n, (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
                frame.hitCount[i] = project(i, footprints[worker], basis[worker]);
            }
        });
    }

    /** Projects one Gaussian; returns how many tiles it meets, 0 when it cannot be seen. */
    private int project(int i, Footprint f, float[] y) {
        if (!f.locate(gaussians, i, view) || !(f.depth <= LARGEST)) {
            return 0;
        }
        double logit = gaussians.logitOpacities()[i];
        float opacity = (float) (1 / (1 + Math.exp(-logit)));
        float rendered = view.dropout.opacity(opacity);
        if (!(rendered >= BlendMath.MIN_ALPHA) || view.dropout.drops(i)) {
            return 0;
        }
        for (int k = 3 * i; k < 3 * i + 3; k++) {
            frame.scales[k] = (float) Math.exp(gaussians.logScales()[k]);
        }
        f.shape(gaussians, i, frame.scales);
        float shown = options.mip() ? rendered * f.compensation() : rendered;
        if (!(f.det > 0)
                || Float.isInfinite(f.det)
                || !(Math.abs(f.x) + Math.abs(f.y) < 1e7f)
                || !(shown >= BlendMath.MIN_ALPHA)) {
            return 0;
        }
        float logOpacity = (float) Math.log(shown);
        float reach = 2 * (logOpacity + LOG_255);
        float ex = (float) Math.sqrt(Math.max(0, reach * f.xx));
        float ey = (float) Math.sqrt(Math.max(0, reach * f.yy));
        float slope = f.xy / f.yy;
        float chord = (float) Math.sqrt(f.det) / f.yy;
        int tiles = TileCover.count(f.x, f.y, ex, ey, slope, chord, view.tilesX, view.tilesY);
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
        splats[at + Splat.OPACITY] = opacity;
        splats[at + Splat.BLENDED_DEPTH] = view.measure.of(f.depth);
        return colour(i, f, y, splats, at) ? tiles : 0;
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
