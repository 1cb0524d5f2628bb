package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;

/**
 * Projects Gaussians to the screen: centre, covariance with its low-pass, colour, extent, tiles met (Kerbl et al. 2023,
 * section 4; Ye et al. 2023, "Mathematical supplement for gsplat").
 */
final class Projector {

    /** Gaussians handled by one task; any number gives the same result. */
    static final int CHUNK = 1024;

    private final Gaussians gaussians;
    private final Projection view;
    private final int degree;
    private final Frame frame;
    private final float[][] basis;

    Projector(Gaussians gaussians, Projection view, int degree, Frame frame, int workers) {
        this.gaussians = gaussians;
        this.view = view;
        this.degree = degree;
        this.frame = frame;
        this.basis = new float[workers][Gaussians.SH_COEFFICIENTS];
    }

    void run(Workers workers) {
        int n = gaussians.count();
        frame.reserveGaussians(n);
        workers.forEach((n + CHUNK - 1) / CHUNK, (chunk, worker) -> {
            int end = Math.min(n, (chunk + 1) * CHUNK);
            for (int i = chunk * CHUNK; i < end; i++) {
                frame.hitCount[i] = project(i, basis[worker]);
            }
        });
    }

    /** Projects one Gaussian; returns how many tiles it meets, 0 when it cannot be seen. */
    private int project(int i, float[] y) {
        Projection v = view;
        float[] means = gaussians.means();
        float dx = (float) (means[3 * i] - v.centreX);
        float dy = (float) (means[3 * i + 1] - v.centreY);
        float dz = (float) (means[3 * i + 2] - v.centreZ);
        float z = v.r20 * dx + v.r21 * dy + v.r22 * dz;
        if (!(z >= Projection.NEAR)) {
            return 0;
        }
        double logit = gaussians.logitOpacities()[i];
        float opacity = (float) (1 / (1 + Math.exp(-logit)));
        float rendered = v.dropout.opacity(opacity);
        if (!(rendered >= BlendMath.MIN_ALPHA) || v.dropout.drops(i)) {
            return 0;
        }
        float inverseZ = 1 / z;
        float u = (v.r00 * dx + v.r01 * dy + v.r02 * dz) * inverseZ;
        float w = (v.r10 * dx + v.r11 * dy + v.r12 * dz) * inverseZ;
        float x2 = v.fx * u + v.cx;
        float y2 = v.fy * w + v.cy;

        // Rows of K = J W, the derivative of the pixel by the world position.
        float ju = -Math.min(Math.max(u, v.minU), v.maxU);
        float jv = -Math.min(Math.max(w, v.minV), v.maxV);
        float kx = v.fx * inverseZ;
        float ky = v.fy * inverseZ;
        float k00 = kx * (v.r00 + ju * v.r20);
        float k01 = kx * (v.r01 + ju * v.r21);
        float k02 = kx * (v.r02 + ju * v.r22);
        float k10 = ky * (v.r10 + jv * v.r20);
        float k11 = ky * (v.r11 + jv * v.r21);
        float k12 = ky * (v.r12 + jv * v.r22);

        float[] q = gaussians.quaternions();
        float qw = q[4 * i];
        float qx = q[4 * i + 1];
        float qy = q[4 * i + 2];
        float qz = q[4 * i + 3];
        float s = 2 / (qw * qw + qx * qx + qy * qy + qz * qz);
        float[] logScales = gaussians.logScales();
        float s0 = (float) Math.exp(logScales[3 * i]);
        float s1 = (float) Math.exp(logScales[3 * i + 1]);
        float s2 = (float) Math.exp(logScales[3 * i + 2]);
        frame.scales[3 * i] = s0;
        frame.scales[3 * i + 1] = s1;
        frame.scales[3 * i + 2] = s2;
        // Columns of the rotation times K, times the scales: B = K R S, and the covariance is B B^T.
        float a0 = 1 - s * (qy * qy + qz * qz);
        float a1 = s * (qx * qy + qw * qz);
        float a2 = s * (qx * qz - qw * qy);
        float b00 = s0 * (k00 * a0 + k01 * a1 + k02 * a2);
        float b10 = s0 * (k10 * a0 + k11 * a1 + k12 * a2);
        a0 = s * (qx * qy - qw * qz);
        a1 = 1 - s * (qx * qx + qz * qz);
        a2 = s * (qy * qz + qw * qx);
        float b01 = s1 * (k00 * a0 + k01 * a1 + k02 * a2);
        float b11 = s1 * (k10 * a0 + k11 * a1 + k12 * a2);
        a0 = s * (qx * qz + qw * qy);
        a1 = s * (qy * qz - qw * qx);
        a2 = 1 - s * (qx * qx + qy * qy);
        float b02 = s2 * (k00 * a0 + k01 * a1 + k02 * a2);
        float b12 = s2 * (k10 * a0 + k11 * a1 + k12 * a2);
        float xx = b00 * b00 + b01 * b01 + b02 * b02 + Projection.LOW_PASS;
        float xy = b00 * b10 + b01 * b11 + b02 * b12;
        float yy = b10 * b10 + b11 * b11 + b12 * b12 + Projection.LOW_PASS;
        // As a sum of squares: xx * yy - xy * xy would cancel for long thin Gaussians.
        float minor0 = b00 * b11 - b01 * b10;
        float minor1 = b00 * b12 - b02 * b10;
        float minor2 = b01 * b12 - b02 * b11;
        float det = minor0 * minor0
                + minor1 * minor1
                + minor2 * minor2
                + Projection.LOW_PASS * (xx + yy - Projection.LOW_PASS);
        if (!(det > 0) || Float.isInfinite(det) || !(Math.abs(x2) + Math.abs(y2) < 1e7f)) {
            return 0;
        }
        float logOpacity = (float) Math.log(rendered);
        float reach = 2 * (logOpacity + (float) Math.log(255));
        float ex = (float) Math.sqrt(Math.max(0, reach * xx));
        float ey = (float) Math.sqrt(Math.max(0, reach * yy));
        float slope = xy / yy;
        float chord = (float) Math.sqrt(det) / yy;
        int tiles = TileCover.count(x2, y2, ex, ey, slope, chord, v.tilesX, v.tilesY);
        if (tiles == 0) {
            return 0;
        }
        float[] splats = frame.splats;
        int at = i * Splat.STRIDE;
        float half = -0.5f * BlendMath.EXPONENT_PER_NATURAL_LOG / det;
        splats[at + Splat.X] = x2;
        splats[at + Splat.Y] = y2;
        splats[at + Splat.XX] = half * yy;
        splats[at + Splat.XY] = -2 * half * xy;
        splats[at + Splat.YY] = half * xx;
        splats[at + Splat.LOG] = logOpacity * BlendMath.EXPONENT_PER_NATURAL_LOG;
        splats[at + Splat.DEPTH] = z;
        splats[at + Splat.EX] = ex;
        splats[at + Splat.EY] = ey;
        splats[at + Splat.SLOPE] = slope;
        splats[at + Splat.CHORD] = chord;
        splats[at + Splat.OPACITY] = opacity;
        splats[at + Splat.BLENDED_DEPTH] = v.inverseDepth ? inverseZ : z;
        colour(i, dx, dy, dz, y, splats, at);
        return tiles;
    }

    private void colour(int i, float dx, float dy, float dz, float[] y, float[] splats, int at) {
        float[] sh = gaussians.sh();
        float inverseLength = 1 / (float) Math.sqrt(dx * dx + dy * dy + dz * dz);
        SphericalHarmonics.basis(degree, dx * inverseLength, dy * inverseLength, dz * inverseLength, y);
        int base = i * Gaussians.SH_COEFFICIENTS * 3;
        float red = 0.5f;
        float green = 0.5f;
        float blue = 0.5f;
        for (int k = 0; k < SphericalHarmonics.count(degree); k++) {
            red += y[k] * sh[base + 3 * k];
            green += y[k] * sh[base + 3 * k + 1];
            blue += y[k] * sh[base + 3 * k + 2];
        }
        splats[at + Splat.RED] = Math.max(0, red);
        splats[at + Splat.GREEN] = Math.max(0, green);
        splats[at + Splat.BLUE] = Math.max(0, blue);
    }
}
