package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.OrthographicView;

/** Parallel projection: the derivative of the pixel by the position, and the viewing direction, are the same everywhere. */
final class OrthographicProjection extends Projection {

    private final float scaleX;
    private final float scaleY;
    private final float cx;
    private final float cy;

    OrthographicProjection(OrthographicView view, DepthMeasure measure, Dropout dropout) {
        super(view, measure, dropout);
        scaleX = (float) view.scaleX();
        scaleY = (float) view.scaleY();
        cx = (float) view.cx();
        cy = (float) view.cy();
    }

    @Override
    boolean locate(Footprint f) {
        float z = r20 * f.dx + r21 * f.dy + r22 * f.dz;
        if (!(z >= NEAR)) {
            return false;
        }
        f.depth = z;
        f.u = r00 * f.dx + r01 * f.dy + r02 * f.dz;
        f.v = r10 * f.dx + r11 * f.dy + r12 * f.dz;
        f.x = scaleX * f.u + cx;
        f.y = scaleY * f.v + cy;
        f.k00 = scaleX * r00;
        f.k01 = scaleX * r01;
        f.k02 = scaleX * r02;
        f.k10 = scaleY * r10;
        f.k11 = scaleY * r11;
        f.k12 = scaleY * r12;
        return true;
    }

    @Override
    void direction(Footprint f) {
        f.nx = r20;
        f.ny = r21;
        f.nz = r22;
    }

    @Override
    void positionGradient(Footprint f) {
        float tx = scaleX * f.byX;
        float ty = scaleY * f.byY;
        float tz = f.byDepth;
        f.meanX = r00 * tx + r10 * ty + r20 * tz;
        f.meanY = r01 * tx + r11 * ty + r21 * tz;
        f.meanZ = r02 * tx + r12 * ty + r22 * tz;
        float j01 = f.dk00 * r10 + f.dk01 * r11 + f.dk02 * r12;
        float j02 = f.dk00 * r20 + f.dk01 * r21 + f.dk02 * r22;
        float j10 = f.dk10 * r00 + f.dk11 * r01 + f.dk12 * r02;
        float j12 = f.dk10 * r20 + f.dk11 * r21 + f.dk12 * r22;
        f.turnX = f.v * tz - f.depth * ty - scaleY * j12;
        f.turnY = f.depth * tx - f.u * tz + scaleX * j02;
        f.turnZ = f.u * ty - f.v * tx + scaleY * j10 - scaleX * j01;
    }

    @Override
    void directionGradient(Footprint f, float byX, float byY, float byZ) {
        // The direction is the third row of the rotation, which turns with the camera.
        f.turnX += r10 * byX + r11 * byY + r12 * byZ;
        f.turnY -= r00 * byX + r01 * byY + r02 * byZ;
    }
}
