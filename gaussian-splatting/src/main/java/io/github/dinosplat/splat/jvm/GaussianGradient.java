package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;

/**
 * Takes the gradient of the loss from the screen back to the parameters of a run of Gaussians (Ye et al. 2023,
 * "Mathematical supplement for gsplat"), through the viewing direction of the colours as well. Holds the gradients of at
 * most {@link #CHUNK} Gaussians; one object per worker.
 */
final class GaussianGradient {

    /** Gaussians handled at a time; any number gives the same result. */
    static final int CHUNK = 64;

    private static final int SH = Gaussians.SH_COEFFICIENTS * 3;

    final float[] means = new float[3 * CHUNK];
    final float[] logScales = new float[3 * CHUNK];
    final float[] quaternions = new float[4 * CHUNK];
    final float[] logitOpacities = new float[CHUNK];
    final float[] sh = new float[SH * CHUNK];

    /** Length of the gradient by the projected centre, in normalised device coordinates. */
    final float[] screen = new float[CHUNK];

    private final float[] hit = new float[Frame.HIT_VALUES];
    private final float[] basis = new float[Gaussians.SH_COEFFICIENTS];
    private final float[] weight = new float[Gaussians.SH_COEFFICIENTS];
    private final float[] direction = new float[3];

    private final Gaussians gaussians;
    private final Projection view;
    private final int degree;
    private final Frame frame;

    GaussianGradient(Gaussians gaussians, Projection view, int degree, Frame frame) {
        this.gaussians = gaussians;
        this.view = view;
        this.degree = degree;
        this.frame = frame;
    }

    /** Fills the arrays with the gradients of Gaussians {@code first} to {@code first + count - 1}. */
    void run(int first, int count) {
        Arrays.fill(means, 0);
        Arrays.fill(logScales, 0);
        Arrays.fill(quaternions, 0);
        Arrays.fill(logitOpacities, 0);
        Arrays.fill(sh, 0);
        Arrays.fill(screen, 0);
        for (int g = 0; g < count; g++) {
            if (frame.hitCount[first + g] > 0 && sumHits(first + g)) {
                gradient(first + g, g);
            }
        }
    }

    /** Adds up a Gaussian's hits in slot order; returns whether any pixel saw it. */
    private boolean sumHits(int i) {
        boolean any = false;
        Arrays.fill(hit, 0);
        for (int slot = frame.slotStart[i]; slot < frame.slotStart[i + 1]; slot++) {
            if (frame.touched[slot] != 0) {
                any = true;
                int at = slot * Frame.HIT_VALUES;
                for (int k = 0; k < Frame.HIT_VALUES; k++) {
                    hit[k] += frame.hitGradients[at + k];
                }
            }
        }
        return any;
    }

    private void gradient(int i, int g) {
        Projection v = view;
        float[] s = frame.splats;
        int at = i * Splat.STRIDE;
        float dx = (float) (gaussians.means()[3 * i] - v.centreX);
        float dy = (float) (gaussians.means()[3 * i + 1] - v.centreY);
        float dz = (float) (gaussians.means()[3 * i + 2] - v.centreZ);
        float z = s[at + Splat.DEPTH];
        float inverseZ = 1 / z;
        float u = (v.r00 * dx + v.r01 * dy + v.r02 * dz) * inverseZ;
        float w = (v.r10 * dx + v.r11 * dy + v.r12 * dz) * inverseZ;

        // The conic a, b, c, from its scaled form; the gradient by it is -(Sxx / 2, Sxy, Syy / 2).
        float unscale = -1 / BlendMath.EXPONENT_PER_NATURAL_LOG;
        float a = 2 * unscale * s[at + Splat.XX];
        float b = unscale * s[at + Splat.XY];
        float c = 2 * unscale * s[at + Splat.YY];
        float byX = a * hit[1] + b * hit[2];
        float byY = b * hit[1] + c * hit[2];
        screen[g] = (float) Math.sqrt(byX * byX * v.width * v.width + byY * byY * v.height * v.height) / 2;
        logitOpacities[g] = hit[0] * (1 - s[at + Splat.OPACITY]);

        // G = -Q dQ Q with dQ = -S/2: the gradient by the projected covariance, symmetric.
        float m00 = a * hit[3] + b * hit[4];
        float m01 = a * hit[4] + b * hit[5];
        float m10 = b * hit[3] + c * hit[4];
        float m11 = b * hit[4] + c * hit[5];
        float g00 = 0.5f * (m00 * a + m01 * b);
        float g01 = 0.5f * (m00 * b + m01 * c);
        float g11 = 0.5f * (m10 * b + m11 * c);

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
        float inverseNorm = 1 / (float) Math.sqrt(qw * qw + qx * qx + qy * qy + qz * qz);
        qw *= inverseNorm;
        qx *= inverseNorm;
        qy *= inverseNorm;
        qz *= inverseNorm;
        float r00 = 1 - 2 * (qy * qy + qz * qz);
        float r10 = 2 * (qx * qy + qw * qz);
        float r20 = 2 * (qx * qz - qw * qy);
        float r01 = 2 * (qx * qy - qw * qz);
        float r11 = 1 - 2 * (qx * qx + qz * qz);
        float r21 = 2 * (qy * qz + qw * qx);
        float r02 = 2 * (qx * qz + qw * qy);
        float r12 = 2 * (qy * qz - qw * qx);
        float r22 = 1 - 2 * (qx * qx + qy * qy);
        float s0 = frame.scales[3 * i];
        float s1 = frame.scales[3 * i + 1];
        float s2 = frame.scales[3 * i + 2];
        float b00 = s0 * (k00 * r00 + k01 * r10 + k02 * r20);
        float b10 = s0 * (k10 * r00 + k11 * r10 + k12 * r20);
        float b01 = s1 * (k00 * r01 + k01 * r11 + k02 * r21);
        float b11 = s1 * (k10 * r01 + k11 * r11 + k12 * r21);
        float b02 = s2 * (k00 * r02 + k01 * r12 + k02 * r22);
        float b12 = s2 * (k10 * r02 + k11 * r12 + k12 * r22);
        // dB = 2 G B, where the covariance is B B^T with B = K R S.
        float db00 = 2 * (g00 * b00 + g01 * b10);
        float db10 = 2 * (g01 * b00 + g11 * b10);
        float db01 = 2 * (g00 * b01 + g01 * b11);
        float db11 = 2 * (g01 * b01 + g11 * b11);
        float db02 = 2 * (g00 * b02 + g01 * b12);
        float db12 = 2 * (g01 * b02 + g11 * b12);
        logScales[3 * g] = db00 * b00 + db10 * b10;
        logScales[3 * g + 1] = db01 * b01 + db11 * b11;
        logScales[3 * g + 2] = db02 * b02 + db12 * b12;

        // dK = dB (R S)^T, and from K = J W to the camera-frame position.
        float e00 = db00 * s0;
        float e10 = db10 * s0;
        float e01 = db01 * s1;
        float e11 = db11 * s1;
        float e02 = db02 * s2;
        float e12 = db12 * s2;
        float dk00 = e00 * r00 + e01 * r01 + e02 * r02;
        float dk01 = e00 * r10 + e01 * r11 + e02 * r12;
        float dk02 = e00 * r20 + e01 * r21 + e02 * r22;
        float dk10 = e10 * r00 + e11 * r01 + e12 * r02;
        float dk11 = e10 * r10 + e11 * r11 + e12 * r12;
        float dk12 = e10 * r20 + e11 * r21 + e12 * r22;
        float dj00 = dk00 * v.r00 + dk01 * v.r01 + dk02 * v.r02;
        float dj02 = dk00 * v.r20 + dk01 * v.r21 + dk02 * v.r22;
        float dj11 = dk10 * v.r10 + dk11 * v.r11 + dk12 * v.r12;
        float dj12 = dk10 * v.r20 + dk11 * v.r21 + dk12 * v.r22;
        boolean freeU = u > v.minU && u < v.maxU;
        boolean freeV = w > v.minV && w < v.maxV;
        // J02 = -kx u': its derivative by the depth with u' held, and by u' where it is not clamped.
        float byU = v.fx * byX - (freeU ? kx * dj02 : 0);
        float byV = v.fy * byY - (freeV ? ky * dj12 : 0);
        float tx = byU * inverseZ;
        float ty = byV * inverseZ;
        float byBlended = v.inverseDepth ? -hit[9] * inverseZ * inverseZ : hit[9];
        float tz = byBlended - inverseZ * (byU * u + byV * w + kx * (dj00 + ju * dj02) + ky * (dj11 + jv * dj12));
        means[3 * g] = v.r00 * tx + v.r10 * ty + v.r20 * tz;
        means[3 * g + 1] = v.r01 * tx + v.r11 * ty + v.r21 * tz;
        means[3 * g + 2] = v.r02 * tx + v.r12 * ty + v.r22 * tz;

        // dR = K^T (dB S).
        float dr00 = k00 * e00 + k10 * e10;
        float dr01 = k00 * e01 + k10 * e11;
        float dr02 = k00 * e02 + k10 * e12;
        float dr10 = k01 * e00 + k11 * e10;
        float dr11 = k01 * e01 + k11 * e11;
        float dr12 = k01 * e02 + k11 * e12;
        float dr20 = k02 * e00 + k12 * e10;
        float dr21 = k02 * e01 + k12 * e11;
        float dr22 = k02 * e02 + k12 * e12;
        float dw = 2 * (qz * (dr10 - dr01) + qy * (dr02 - dr20) + qx * (dr21 - dr12));
        float dqx = 2 * (qy * (dr01 + dr10) + qz * (dr02 + dr20) + qw * (dr21 - dr12) - 2 * qx * (dr11 + dr22));
        float dqy = 2 * (qx * (dr01 + dr10) + qz * (dr12 + dr21) + qw * (dr02 - dr20) - 2 * qy * (dr00 + dr22));
        float dqz = 2 * (qx * (dr02 + dr20) + qy * (dr12 + dr21) + qw * (dr10 - dr01) - 2 * qz * (dr00 + dr11));
        float along = dw * qw + dqx * qx + dqy * qy + dqz * qz;
        quaternions[4 * g] = (dw - along * qw) * inverseNorm;
        quaternions[4 * g + 1] = (dqx - along * qx) * inverseNorm;
        quaternions[4 * g + 2] = (dqy - along * qy) * inverseNorm;
        quaternions[4 * g + 3] = (dqz - along * qz) * inverseNorm;
        colour(i, g, dx, dy, dz);
    }

    private void colour(int i, int g, float dx, float dy, float dz) {
        int at = i * Splat.STRIDE;
        float red = frame.splats[at + Splat.RED] > 0 ? hit[6] : 0;
        float green = frame.splats[at + Splat.GREEN] > 0 ? hit[7] : 0;
        float blue = frame.splats[at + Splat.BLUE] > 0 ? hit[8] : 0;
        float inverseLength = 1 / (float) Math.sqrt(dx * dx + dy * dy + dz * dz);
        float nx = dx * inverseLength;
        float ny = dy * inverseLength;
        float nz = dz * inverseLength;
        SphericalHarmonics.basis(degree, nx, ny, nz, basis);
        float[] coefficients = gaussians.sh();
        int from = i * SH;
        int to = g * SH;
        for (int k = 0; k < SphericalHarmonics.count(degree); k++) {
            sh[to + 3 * k] = basis[k] * red;
            sh[to + 3 * k + 1] = basis[k] * green;
            sh[to + 3 * k + 2] = basis[k] * blue;
            weight[k] = red * coefficients[from + 3 * k]
                    + green * coefficients[from + 3 * k + 1]
                    + blue * coefficients[from + 3 * k + 2];
        }
        if (degree > 0) {
            SphericalHarmonics.gradient(degree, nx, ny, nz, weight, direction);
            float along = direction[0] * nx + direction[1] * ny + direction[2] * nz;
            means[3 * g] += (direction[0] - along * nx) * inverseLength;
            means[3 * g + 1] += (direction[1] - along * ny) * inverseLength;
            means[3 * g + 2] += (direction[2] - along * nz) * inverseLength;
        }
    }
}
