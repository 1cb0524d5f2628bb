package io.github.dinosplat.depth;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;

/** Dense depth of one photo: what its nodes say, with the points' own detail right beside them. */
final class DepthField {

    private final DepthNodes nodes;
    private final PointDetail detail;
    private final Image guide;
    private final int photoWidth;
    private final int photoHeight;
    /** Median inverse depth of the points. */
    private final double unit;

    private DepthField(
            DepthNodes nodes, PointDetail detail, Image guide, int photoWidth, int photoHeight, double unit) {
        this.nodes = nodes;
        this.detail = detail;
        this.guide = guide;
        this.photoWidth = photoWidth;
        this.photoHeight = photoHeight;
        this.unit = unit;
    }

    /**
     * Fits the field.
     *
     * @param points the photo's points, at least 3
     * @param prediction the head's: logarithm of the inverse depth up to an offset
     * @param features see {@link Trend#fit}
     * @param kind see {@link Trend#fit}
     * @param guide the photo at the size of the depth map
     */
    static DepthField fit(SparseDepth points, FeatureMap prediction, FeatureMap features, TrendKind kind, Image guide) {
        int width = prediction.photoWidth();
        int height = prediction.photoHeight();
        double unit = points.medianInverseDepth();
        Trend trend = Trend.fit(points, AlignedPrediction.of(points, prediction), features, kind);
        DepthNodes nodes = new DepthNodes(points, trend, guide, width, height);
        PointDetail none = PointDetail.none(guide.width(), guide.height());
        DepthField smooth = new DepthField(nodes, none, guide, width, height, unit);
        return new DepthField(nodes, smooth.left(points), guide, width, height, unit);
    }

    /** What the field leaves of its points. */
    private PointDetail left(SparseDepth points) {
        double[] x = new double[points.count];
        double[] y = new double[points.count];
        double[] left = new double[points.count];
        double[] read = new double[2];
        for (int i = 0; i < points.count; i++) {
            x[i] = guideX(points.x[i]);
            y[i] = guideY(points.y[i]);
            readPhoto(points.x[i], points.y[i], read);
            left[i] = points.inverseDepth[i] / unit - 1 / (read[0] * unit);
        }
        return new PointDetail(x, y, left, guide.width(), guide.height());
    }

    private double guideX(double x) {
        return x * guide.width() / photoWidth;
    }

    private double guideY(double y) {
        return y * guide.height() / photoHeight;
    }

    /**
     * Depth and relative error at a place in pixels of the photo.
     *
     * @param result receives depth in scene units and the expected relative error
     */
    void readPhoto(double x, double y, double[] result) {
        int px = Math.min(guide.width() - 1, (int) guideX(x));
        int py = Math.min(guide.height() - 1, (int) guideY(y));
        read(px, py, result);
    }

    /**
     * Depth and relative error of a pixel of the guide.
     *
     * @param result receives depth in scene units and the expected relative error
     */
    void read(int px, int py, double[] result) {
        nodes.read(px, py, result);
        // Detail of one side of an edge must not turn the other side's depth over.
        double inverseDepth = Math.max(result[0] / 2, result[0] + detail.at(px + 0.5, py + 0.5));
        result[0] = 1 / (inverseDepth * unit);
    }

    Image guide() {
        return guide;
    }
}
