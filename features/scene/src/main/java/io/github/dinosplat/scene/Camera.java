package io.github.dinosplat.scene;

import java.util.Arrays;
import java.util.Optional;
import org.joml.Vector2d;
import org.joml.Vector3d;
import org.joml.Vector3dc;
import org.jspecify.annotations.Nullable;

/**
 * The intrinsics of a camera: model, picture size and parameters. Immutable and safe for use by several threads.
 */
public final class Camera {

    /** Focal length over the longer side where nothing is known. */
    private static final double GUESSED_FOCAL = 1.2;

    private final CameraModel model;
    private final int width;
    private final int height;
    private final double[] parameters;

    /**
     * A camera.
     *
     * @param model camera model
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @param parameters the model's parameters in its order; copied
     * @throws IllegalArgumentException if the size is not positive, the count does not fit the model, a value is not
     *     finite or a focal length is not positive
     */
    public Camera(CameraModel model, int width, int height, double... parameters) {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException("picture size must be positive but was " + width + "x" + height);
        }
        if (parameters.length != model.parameterCount()) {
            throw new IllegalArgumentException(model + " has the " + model.parameterCount() + " parameters "
                    + model.parameterNames() + " but " + parameters.length + " were given");
        }
        for (int i = 0; i < parameters.length; i++) {
            if (!Double.isFinite(parameters[i]) || (i < model.focalCount() && parameters[i] <= 0)) {
                throw new IllegalArgumentException(
                        model + "'s " + model.parameterNames().get(i)
                                + " must be finite, a focal length positive, but was " + parameters[i]);
            }
        }
        this.model = model;
        this.width = width;
        this.height = height;
        this.parameters = parameters.clone();
    }

    /**
     * A camera without distortion, with square pixels and its principal point in the middle of the picture.
     *
     * @param model camera model
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @param focal focal length in pixels
     * @return a camera
     * @throws IllegalArgumentException if a size or the focal length is not positive
     */
    public static Camera centred(CameraModel model, int width, int height, double focal) {
        double[] parameters = new double[model.parameterCount()];
        int c = model.focalCount();
        parameters[0] = focal;
        parameters[c - 1] = focal;
        parameters[c] = width / 2.0;
        parameters[c + 1] = height / 2.0;
        return new Camera(model, width, height, parameters);
    }

    /**
     * A pinhole camera for a picture of which nothing but its size is known.
     *
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @return a camera of {@link #guessedFocal}
     */
    public static Camera guessed(int width, int height) {
        return centred(CameraModel.SIMPLE_PINHOLE, width, height, guessedFocal(width, height));
    }

    /**
     * The focal length of a usual lens, 43 mm in 35 mm terms: 1.2 times the long side, as COLMAP guesses.
     *
     * @param width picture width in pixels
     * @param height picture height in pixels
     * @return focal length in pixels
     */
    public static double guessedFocal(int width, int height) {
        return GUESSED_FOCAL * Math.max(width, height);
    }

    /**
     * The camera model.
     *
     * @return model
     */
    public CameraModel model() {
        return model;
    }

    /**
     * Picture width.
     *
     * @return pixels
     */
    public int width() {
        return width;
    }

    /**
     * Picture height.
     *
     * @return pixels
     */
    public int height() {
        return height;
    }

    /**
     * The parameters in the model's order.
     *
     * @return a new array
     */
    public double[] parameters() {
        return parameters.clone();
    }

    /**
     * Horizontal focal length.
     *
     * @return pixels
     */
    public double fx() {
        return parameters[0];
    }

    /**
     * Vertical focal length.
     *
     * @return pixels
     */
    public double fy() {
        return parameters[model.focalCount() - 1];
    }

    /**
     * Horizontal position of the principal point.
     *
     * @return pixels
     */
    public double cx() {
        return parameters[model.focalCount()];
    }

    /**
     * Vertical position of the principal point.
     *
     * @return pixels
     */
    public double cy() {
        return parameters[model.focalCount() + 1];
    }

    /**
     * The same camera with other parameters.
     *
     * @param newParameters parameters in the model's order
     * @return a new camera
     */
    public Camera withParameters(double... newParameters) {
        return new Camera(model, width, height, newParameters);
    }

    /**
     * The camera of the same photos resized to another size. Pixel centres stay at +0.5, so positions scale plainly.
     *
     * @param newWidth new picture width in pixels
     * @param newHeight new picture height in pixels
     * @return a new camera
     */
    public Camera resized(int newWidth, int newHeight) {
        double sx = (double) newWidth / width;
        double sy = (double) newHeight / height;
        double[] p = parameters.clone();
        int c = model.focalCount();
        p[0] *= c == 1 ? Math.sqrt(sx * sy) : sx;
        if (c == 2) {
            p[1] *= sy;
        }
        p[c] *= sx;
        p[c + 1] *= sy;
        return new Camera(model, newWidth, newHeight, p);
    }

    /**
     * The camera of the same photos with their long side at most a given length, of the size that {@link Image#fitted}
     * gives them.
     *
     * @param longSide greatest length of the long side in pixels
     * @return a camera of smaller pictures, or this one when they are small enough
     */
    public Camera fitted(int longSide) {
        int most = Math.max(width, height);
        if (most <= longSide) {
            return this;
        }
        double s = (double) longSide / most;
        return resized(Math.max(1, (int) Math.round(width * s)), Math.max(1, (int) Math.round(height * s)));
    }

    /**
     * Projects a point with derivatives; allocation-free.
     *
     * @param x x in the camera frame
     * @param y y in the camera frame
     * @param z z in the camera frame, not 0
     * @param pixel receives x and y in pixels
     * @param dPoint receives the 2x3 derivative of the pixel by the point, row by row; or null
     * @param dParameters receives the 2xN derivative of the pixel by the N parameters, row by row; or null
     */
    public void project(
            double x, double y, double z, double[] pixel, double @Nullable [] dPoint, double @Nullable [] dParameters) {
        model.project(parameters, x, y, z, pixel, dPoint, dParameters);
    }

    /**
     * Projects a point that lies before the camera.
     *
     * @param pointInCam point in the camera frame
     * @return the pixel position, or empty when the point is not before the camera
     */
    public Optional<Vector2d> project(Vector3dc pointInCam) {
        if (!(pointInCam.z() > 0)) {
            return Optional.empty();
        }
        double[] pixel = new double[2];
        project(pointInCam.x(), pointInCam.y(), pointInCam.z(), pixel, null, null);
        return Optional.of(new Vector2d(pixel[0], pixel[1]));
    }

    /**
     * The viewing ray of a pixel, at depth 1: the inverse of {@link #project} by Newton's method on the distortion.
     * Directions at 90 degrees and more, which a fisheye may see, have no such ray; {@link #direction} gives them.
     *
     * @param px x in pixels
     * @param py y in pixels
     * @param ray receives u = x/z and v = y/z
     * @return whether the inverse was found; where not, {@code ray} holds the undistorted pinhole direction
     */
    public boolean unproject(double px, double py, double[] ray) {
        double u0 = (px - cx()) / fx();
        double v0 = (py - cy()) / fy();
        ray[0] = u0;
        ray[1] = v0;
        if (model.isPinhole()) {
            return true;
        }
        if (isFisheye()) {
            double radius = Math.hypot(u0, v0);
            double theta = CameraProjection.fisheyeAngle(model, parameters, radius);
            if (!(theta < Math.PI / 2)) {
                return false;
            }
            double s = radius < 1e-9 ? 1 : Math.tan(theta) / radius;
            ray[0] = u0 * s;
            ray[1] = v0 * s;
            return true;
        }
        double u = u0;
        double v = v0;
        double[] pixel = new double[2];
        double[] d = new double[6];
        for (int i = 0; i < 50; i++) {
            project(u, v, 1, pixel, d, null);
            double ex = px - pixel[0];
            double ey = py - pixel[1];
            double det = d[0] * d[4] - d[1] * d[3];
            if (!(det > 1e-12 * fx() * fy())) {
                return false;
            }
            double du = (d[4] * ex - d[1] * ey) / det;
            double dv = (d[0] * ey - d[3] * ex) / det;
            u += du;
            v += dv;
            if (du * du + dv * dv < 1e-24 * (1 + u * u + v * v)) {
                ray[0] = u;
                ray[1] = v;
                return true;
            }
        }
        return false;
    }

    /**
     * The unit viewing direction of a pixel, for fisheyes also beyond 90 degrees. Where the distortion has no inverse, the
     * undistorted pinhole direction.
     *
     * @param px x in pixels
     * @param py y in pixels
     * @return unit vector in the camera frame
     */
    public Vector3d direction(double px, double py) {
        double[] ray = new double[2];
        if (!unproject(px, py, ray) && isFisheye()) {
            double radius = Math.hypot(ray[0], ray[1]);
            double theta = CameraProjection.fisheyeAngle(model, parameters, radius);
            if (theta <= Math.PI) {
                double s = Math.sin(theta) / radius;
                return new Vector3d(ray[0] * s, ray[1] * s, Math.cos(theta));
            }
        }
        return new Vector3d(ray[0], ray[1], 1).normalize();
    }

    private boolean isFisheye() {
        return model == CameraModel.OPENCV_FISHEYE || model == CameraModel.SIMPLE_RADIAL_FISHEYE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Camera that
                && model == that.model
                && width == that.width
                && height == that.height
                && Arrays.equals(parameters, that.parameters);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * model.hashCode() + 31 * width + height) + Arrays.hashCode(parameters);
    }

    @Override
    public String toString() {
        return model + " " + width + "x" + height + " " + Arrays.toString(parameters);
    }
}
