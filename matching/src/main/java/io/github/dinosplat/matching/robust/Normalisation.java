package io.github.dinosplat.matching.robust;

/** Moves and scales points so that their mean is 0 and their mean distance from it is sqrt(2) (Hartley 1997). */
record Normalisation(double cx, double cy, double scale) {

    static Normalisation of(double[] points) {
        int n = points.length / 2;
        double cx = 0;
        double cy = 0;
        for (int i = 0; i < n; i++) {
            cx += points[2 * i] / n;
            cy += points[2 * i + 1] / n;
        }
        double distance = 0;
        for (int i = 0; i < n; i++) {
            distance += Math.hypot(points[2 * i] - cx, points[2 * i + 1] - cy) / n;
        }
        return new Normalisation(cx, cy, distance > 0 ? Math.sqrt(2) / distance : 1);
    }

    double[] apply(double[] points) {
        double[] out = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            out[i] = (points[i] - cx) * scale;
            out[i + 1] = (points[i + 1] - cy) * scale;
        }
        return out;
    }

    /** The matrix that does the same to homogeneous points. */
    double[] matrix() {
        return new double[] {scale, 0, -scale * cx, 0, scale, -scale * cy, 0, 0, 1};
    }

    /** The matrix of the way back. */
    double[] inverseMatrix() {
        return new double[] {1 / scale, 0, cx, 0, 1 / scale, cy, 0, 0, 1};
    }
}
