package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.PinholeView;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** The numbers of a view that the per-Gaussian stages need, in the precision they need them in. */
final class Projection {

    /** Nearer than this, in scene units along the viewing axis, nothing is drawn. */
    static final float NEAR = 0.01f;

    /** Added to the diagonal of the projected covariance, square pixels. */
    static final float LOW_PASS = 0.3f;

    final int width;
    final int height;
    final int tilesX;
    final int tilesY;
    final float fx;
    final float fy;
    final float cx;
    final float cy;

    /** Rotation camera from world, row by row. */
    final float r00;

    final float r01;
    final float r02;
    final float r10;
    final float r11;
    final float r12;
    final float r20;
    final float r21;
    final float r22;

    /** Camera centre in the world frame; subtracted first, so that large world coordinates do not cost precision twice. */
    final double centreX;

    final double centreY;
    final double centreZ;

    /** Bounds of x/z and y/z in the Jacobian. */
    final float minU;

    final float maxU;
    final float minV;
    final float maxV;

    /** Whether the depth plane accumulates inverse depths. */
    final boolean inverseDepth;

    /** Which Gaussians are left out. */
    final Dropout dropout;

    Projection(PinholeView view) {
        this(view, false, Dropout.NONE);
    }

    Projection(PinholeView view, boolean inverseDepth, Dropout dropout) {
        this.inverseDepth = inverseDepth;
        this.dropout = dropout;
        width = view.width();
        height = view.height();
        tilesX = (width + TileCover.TILE - 1) / TileCover.TILE;
        tilesY = (height + TileCover.TILE - 1) / TileCover.TILE;
        fx = (float) view.fx();
        fy = (float) view.fy();
        cx = (float) view.cx();
        cy = (float) view.cy();
        double[] r = view.camFromWorld().rotationRowMajor();
        r00 = (float) r[0];
        r01 = (float) r[1];
        r02 = (float) r[2];
        r10 = (float) r[3];
        r11 = (float) r[4];
        r12 = (float) r[5];
        r20 = (float) r[6];
        r21 = (float) r[7];
        r22 = (float) r[8];
        Vector3dc t = view.camFromWorld().translation();
        Vector3d centre = new Vector3d(
                -(r[0] * t.x() + r[3] * t.y() + r[6] * t.z()),
                -(r[1] * t.x() + r[4] * t.y() + r[7] * t.z()),
                -(r[2] * t.x() + r[5] * t.y() + r[8] * t.z()));
        centreX = centre.x;
        centreY = centre.y;
        centreZ = centre.z;
        double marginU = 0.15 * width / view.fx();
        double marginV = 0.15 * height / view.fy();
        minU = (float) (-view.cx() / view.fx() - marginU);
        maxU = (float) ((width - view.cx()) / view.fx() + marginU);
        minV = (float) (-view.cy() / view.fy() - marginV);
        maxV = (float) ((height - view.cy()) / view.fy() + marginV);
    }

    int tiles() {
        return tilesX * tilesY;
    }
}
