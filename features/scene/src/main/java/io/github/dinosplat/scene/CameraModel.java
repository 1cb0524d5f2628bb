package io.github.dinosplat.scene;

import java.util.List;

/**
 * COLMAP's camera models: how a point in the camera frame maps to a pixel. Parameters are in COLMAP's order: the focal
 * length or lengths, the principal point, then the distortion coefficients; focal lengths and principal point in pixels.
 *
 * <p>With {@code u = x/z, v = y/z, r2 = u*u + v*v} the distorted coordinates are {@code u + du, v + dv} where, for the
 * Brown models, {@code du = u*(k1*r2 + k2*r2^2) + 2*p1*u*v + p2*(r2 + 2*u*u)} and
 * {@code dv = v*(k1*r2 + k2*r2^2) + 2*p2*u*v + p1*(r2 + 2*v*v)}; FULL_OPENCV's radial factor is
 * {@code (1 + k1 r2 + k2 r2^2 + k3 r2^3) / (1 + k4 r2 + k5 r2^2 + k6 r2^3)}. The fisheye models distort the angle
 * {@code theta = atan(r)}: {@code theta * (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)} along the direction.
 * Source: COLMAP's documentation of camera models; OpenCV's calibration documentation.
 */
public enum CameraModel {
    /** f, cx, cy. */
    SIMPLE_PINHOLE(0, 1, List.of("f", "cx", "cy")),
    /** fx, fy, cx, cy. */
    PINHOLE(1, 2, List.of("fx", "fy", "cx", "cy")),
    /** f, cx, cy, k. */
    SIMPLE_RADIAL(2, 1, List.of("f", "cx", "cy", "k")),
    /** f, cx, cy, k1, k2. */
    RADIAL(3, 1, List.of("f", "cx", "cy", "k1", "k2")),
    /** fx, fy, cx, cy, k1, k2, p1, p2. */
    OPENCV(4, 2, List.of("fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2")),
    /** fx, fy, cx, cy, k1, k2, k3, k4. */
    OPENCV_FISHEYE(5, 2, List.of("fx", "fy", "cx", "cy", "k1", "k2", "k3", "k4")),
    /** fx, fy, cx, cy, k1, k2, p1, p2, k3, k4, k5, k6. */
    FULL_OPENCV(6, 2, List.of("fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6")),
    /** f, cx, cy, k. */
    SIMPLE_RADIAL_FISHEYE(8, 1, List.of("f", "cx", "cy", "k"));

    private final int colmapId;
    private final int focalCount;
    private final List<String> parameterNames;

    CameraModel(int colmapId, int focalCount, List<String> parameterNames) {
        this.colmapId = colmapId;
        this.focalCount = focalCount;
        this.parameterNames = parameterNames;
    }

    /**
     * The number of the model in COLMAP's binary files.
     *
     * @return model id
     */
    public int colmapId() {
        return colmapId;
    }

    /**
     * How many focal lengths lead the parameters.
     *
     * @return 1 or 2
     */
    public int focalCount() {
        return focalCount;
    }

    /**
     * The names of the parameters in order.
     *
     * @return unmodifiable list
     */
    public List<String> parameterNames() {
        return parameterNames;
    }

    /**
     * The number of parameters.
     *
     * @return 3 to 12
     */
    public int parameterCount() {
        return parameterNames.size();
    }

    /**
     * Whether a straight line in space stays straight in the picture.
     *
     * @return true for the two pinhole models
     */
    public boolean isPinhole() {
        return this == SIMPLE_PINHOLE || this == PINHOLE;
    }

    /**
     * The model with a number from a COLMAP file.
     *
     * @param colmapId model id
     * @return the model
     * @throws IllegalArgumentException if the project does not know the model
     */
    public static CameraModel fromColmapId(int colmapId) {
        for (CameraModel model : values()) {
            if (model.colmapId == colmapId) {
                return model;
            }
        }
        throw new IllegalArgumentException("COLMAP camera model " + colmapId + " is not supported; undistort the photos"
                + " with COLMAP or choose one of " + List.of(values()));
    }

    /**
     * Projects a point and, where asked for, gives the derivatives of the pixel.
     *
     * @param p parameters in this model's order
     * @param x x in the camera frame
     * @param y y in the camera frame
     * @param z z in the camera frame; must not be 0 (points behind the camera project through its centre)
     * @param pixel receives x and y in pixels
     * @param dPoint receives the 2x3 derivative by (x, y, z), row by row; or null
     * @param dParameters receives the 2xN derivative by the parameters, row by row; or null
     */
    void project(
            double[] p,
            double x,
            double y,
            double z,
            double[] pixel,
            double @org.jspecify.annotations.Nullable [] dPoint,
            double @org.jspecify.annotations.Nullable [] dParameters) {
        CameraProjection.project(this, p, x, y, z, pixel, dPoint, dParameters);
    }
}
