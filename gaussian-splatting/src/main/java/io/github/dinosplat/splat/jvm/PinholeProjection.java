package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.PinholeView;

/**
 * Perspective with the affine approximation at each Gaussian's centre (Zwicker et al. 2002, eq. 31; Ye et al. 2023), its
 * x/z and y/z clamped 30 % of half the field of view outside of the picture.
 */
final class PinholeProjection extends Projection {

    private final float fx;
    private final float fy;
    private final float cx;
    private final float cy;

    /** Bounds of x/z and y/z in the Jacobian. */
    private final float minU;

    private final float maxU;
    private final float minV;
    private final float maxV;

    PinholeProjection(PinholeView view, DepthMeasure measure, Dropout dropout) {
        super(view, measure, dropout);
        fx = (float) view.fx();
        fy = (float) view.fy();
        cx = (float) view.cx();
        cy = (float) view.cy();
        double marginU = 0.15 * width / view.fx();
        double marginV = 0.15 * height / view.fy();
        minU = (float) (-view.cx() / view.fx() - marginU);
        maxU = (float) ((width - view.cx()) / view.fx() + marginU);
        minV = (float) (-view.cy() / view.fy() - marginV);
        maxV = (float) ((height - view.cy()) / view.fy() + marginV);
    }

    @Override
    boolean locate(Footprint f) {
        float z = r20 * f.dx + r21 * f.dy + r22 * f.dz;
        if (!(z >= NEAR)) {
            return false;
        }
        float inverseZ = 1 / z;
        f.depth = z;
        f.u = (r00 * f.dx + r01 * f.dy + r02 * f.dz) * inverseZ;
        f.v = (r10 * f.dx + r11 * f.dy + r12 * f.dz) * inverseZ;
        f.x = fx * f.u + cx;
        f.y = fy * f.v + cy;
        float ju = -Math.min(Math.max(f.u, minU), maxU);
        float jv = -Math.min(Math.max(f.v, minV), maxV);
        float kx = fx * inverseZ;
        float ky = fy * inverseZ;
        f.k00 = kx * (r00 + ju * r20);
        f.k01 = kx * (r01 + ju * r21);
        f.k02 = kx * (r02 + ju * r22);
        f.k10 = ky * (r10 + jv * r20);
        f.k11 = ky * (r11 + jv * r21);
        f.k12 = ky * (r12 + jv * r22);
        return true;
    }

    @Override
    void direction(Footprint f) {
        float inverseLength = 1 / (float) Math.sqrt(f.dx * f.dx + f.dy * f.dy + f.dz * f.dz);
        f.nx = f.dx * inverseLength;
        f.ny = f.dy * inverseLength;
        f.nz = f.dz * inverseLength;
    }

    @Override
    void positionGradient(Footprint f) {
        float u = f.u;
        float v = f.v;
        float inverseZ = 1 / f.depth;
        float ju = -Math.min(Math.max(u, minU), maxU);
        float jv = -Math.min(Math.max(v, minV), maxV);
        float kx = fx * inverseZ;
        float ky = fy * inverseZ;
        // K = J W: the gradient by K, row by row, along the axes of the camera.
        float j00 = f.dk00 * r00 + f.dk01 * r01 + f.dk02 * r02;
        float j01 = f.dk00 * r10 + f.dk01 * r11 + f.dk02 * r12;
        float j02 = f.dk00 * r20 + f.dk01 * r21 + f.dk02 * r22;
        float j10 = f.dk10 * r00 + f.dk11 * r01 + f.dk12 * r02;
        float j11 = f.dk10 * r10 + f.dk11 * r11 + f.dk12 * r12;
        float j12 = f.dk10 * r20 + f.dk11 * r21 + f.dk12 * r22;
        boolean freeU = u > minU && u < maxU;
        boolean freeV = v > minV && v < maxV;
        // J02 = -kx u': its derivative by the depth with u' held, and by u' where it is not clamped.
        float byU = fx * f.byX - (freeU ? kx * j02 : 0);
        float byV = fy * f.byY - (freeV ? ky * j12 : 0);
        float tx = byU * inverseZ;
        float ty = byV * inverseZ;
        float tz = f.byDepth - inverseZ * (byU * u + byV * v + kx * (j00 + ju * j02) + ky * (j11 + jv * j12));
        f.meanX = r00 * tx + r10 * ty + r20 * tz;
        f.meanY = r01 * tx + r11 * ty + r21 * tz;
        f.meanZ = r02 * tx + r12 * ty + r22 * tz;
        // p x t for the position, and the antisymmetric part of J^T dK W^T for the axes.
        float px = u * f.depth;
        float py = v * f.depth;
        float behind0 = kx * ju * j00 + ky * jv * j10;
        float behind1 = kx * ju * j01 + ky * jv * j11;
        f.turnX = py * tz - f.depth * ty + behind1 - ky * j12;
        f.turnY = f.depth * tx - px * tz + kx * j02 - behind0;
        f.turnZ = px * ty - py * tx + ky * j10 - kx * j01;
    }

    @Override
    void directionGradient(Footprint f, float byX, float byY, float byZ) {
        float inverseLength = 1 / (float) Math.sqrt(f.dx * f.dx + f.dy * f.dy + f.dz * f.dz);
        float along = byX * f.nx + byY * f.ny + byZ * f.nz;
        f.meanX += (byX - along * f.nx) * inverseLength;
        f.meanY += (byY - along * f.ny) * inverseLength;
        f.meanZ += (byZ - along * f.nz) * inverseLength;
    }
}
