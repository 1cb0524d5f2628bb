package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.SplatView;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * From the world to the screen for one view, with the derivative that carries covariances along and the way back for
 * gradients; the seam for further kinds of camera. All that the other stages know of a camera is in a {@link Footprint}.
 */
abstract sealed class Projection permits PinholeProjection, OrthographicProjection {

    /** Nearer than this, in scene units along the viewing axis, nothing is drawn. */
    static final float NEAR = 0.01f;

    /** Added to the diagonal of the projected covariance, square pixels. */
    static final float LOW_PASS = 0.3f;

    final int width;
    final int height;
    final int tilesX;
    final int tilesY;

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

    /** What the depth plane accumulates. */
    final DepthMeasure measure;

    /** Which Gaussians are left out. */
    final Dropout dropout;

    Projection(SplatView view, DepthMeasure measure, Dropout dropout) {
        this.measure = measure;
        this.dropout = dropout;
        width = view.width();
        height = view.height();
        tilesX = (width + TileCover.TILE - 1) / TileCover.TILE;
        tilesY = (height + TileCover.TILE - 1) / TileCover.TILE;
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
    }

    /** The projection of a view. */
    static Projection of(SplatView view) {
        return of(view, DepthMeasure.DEPTH, Dropout.NONE);
    }

    /** The projection of a view for training with depths or without some of the Gaussians. */
    static Projection of(SplatView view, DepthMeasure measure, Dropout dropout) {
        if (view instanceof PinholeView pinhole) {
            return new PinholeProjection(pinhole, measure, dropout);
        }
        if (view instanceof OrthographicView orthographic) {
            return new OrthographicProjection(orthographic, measure, dropout);
        }
        throw new IllegalArgumentException("no projection for " + view);
    }

    final int tiles() {
        return tilesX * tilesY;
    }

    /**
     * From the offset {@code dx, dy, dz} to pixel, depth and the derivative K of the pixel by the world position.
     *
     * @return whether the point is in front of the near plane
     */
    abstract boolean locate(Footprint f);

    /** Fills the unit viewing direction {@code nx, ny, nz}, in the world frame, of a located point. */
    abstract void direction(Footprint f);

    /**
     * From the gradients by pixel, depth and K to {@code meanX, meanY, meanZ} by the world position, and to
     * {@code turnX, turnY, turnZ} by a rotation of the camera frame.
     */
    abstract void positionGradient(Footprint f);

    /** Adds the gradient by the viewing direction to those by position and rotation. */
    abstract void directionGradient(Footprint f, float byX, float byY, float byZ);
}
