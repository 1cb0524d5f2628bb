package io.github.dinosplat.scene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.joml.Vector2d;

/**
 * Takes a photo to what a pinhole camera at the same place would have seen. The pinhole camera has the photo's focal
 * lengths and looks the same way; its picture is the largest upright rectangle that is filled everywhere, so there is no
 * blank border. Its principal point lies at the same ray as the photo's. For cameras that are pinholes nothing changes.
 *
 * <p>For photos at reduced size, resize the camera first: {@code Undistortion.of(camera.resized(w, h))}. Immutable and
 * safe for use by several threads.
 */
public final class Undistortion {

    /** A picture is never grown past this many times its size, and wide-angle views are cut there, as in COLMAP. */
    private static final double MAX_GROWTH = 2;

    private static final int BORDER_SAMPLES = 100;

    private final Camera camera;
    private final Camera pinhole;
    private final boolean identity;

    private Undistortion(Camera camera, Camera pinhole, boolean identity) {
        this.camera = camera;
        this.pinhole = pinhole;
        this.identity = identity;
    }

    /**
     * The undistortion of a camera's photos.
     *
     * @param camera camera of any model
     * @return undistortion
     * @throws IllegalArgumentException if the distortion leaves no rectangle of at least 2x2 pixels
     */
    public static Undistortion of(Camera camera) {
        if (camera.model().isPinhole()) {
            Camera same = new Camera(
                    CameraModel.PINHOLE,
                    camera.width(),
                    camera.height(),
                    camera.fx(),
                    camera.fy(),
                    camera.cx(),
                    camera.cy());
            return new Undistortion(camera, same, true);
        }
        double w = camera.width();
        double h = camera.height();
        double left = -MAX_GROWTH * camera.cx();
        double top = -MAX_GROWTH * camera.cy();
        double right = MAX_GROWTH * (w - camera.cx());
        double bottom = MAX_GROWTH * (h - camera.cy());
        for (int i = 0; i <= BORDER_SAMPLES; i++) {
            double x = w * i / BORDER_SAMPLES;
            double y = h * i / BORDER_SAMPLES;
            left = Math.max(left, borderRay(camera, 0, y).x * camera.fx());
            right = Math.min(right, borderRay(camera, w, y).x * camera.fx());
            top = Math.max(top, borderRay(camera, x, 0).y * camera.fy());
            bottom = Math.min(bottom, borderRay(camera, x, h).y * camera.fy());
        }
        int x0 = (int) Math.ceil(left);
        int y0 = (int) Math.ceil(top);
        int width = (int) Math.floor(right) - x0;
        int height = (int) Math.floor(bottom) - y0;
        if (width < 2 || height < 2) {
            throw new IllegalArgumentException("the distortion of " + camera + " leaves no undistorted picture");
        }
        Camera pinhole = new Camera(CameraModel.PINHOLE, width, height, camera.fx(), camera.fy(), -x0, -y0);
        return new Undistortion(camera, pinhole, false);
    }

    /**
     * The ray of a border pixel; where the model has no inverse there, that of the last pixel on the way from the
     * principal point that has one.
     */
    private static Vector2d borderRay(Camera camera, double x, double y) {
        double[] ray = new double[2];
        if (camera.unproject(x, y, ray)) {
            return new Vector2d(ray[0], ray[1]);
        }
        double inside = 0;
        double outside = 1;
        for (int i = 0; i < 30; i++) {
            double middle = (inside + outside) / 2;
            double px = camera.cx() + middle * (x - camera.cx());
            double py = camera.cy() + middle * (y - camera.cy());
            if (camera.unproject(px, py, ray)) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        camera.unproject(camera.cx() + inside * (x - camera.cx()), camera.cy() + inside * (y - camera.cy()), ray);
        return new Vector2d(ray[0], ray[1]);
    }

    /**
     * The camera of the photos as taken.
     *
     * @return camera
     */
    public Camera camera() {
        return camera;
    }

    /**
     * The camera of the undistorted pictures.
     *
     * @return a {@link CameraModel#PINHOLE}
     */
    public Camera pinholeCamera() {
        return pinhole;
    }

    /**
     * Whether photos stay as they are.
     *
     * @return true if the camera is a pinhole
     */
    public boolean isIdentity() {
        return identity;
    }

    /**
     * Undistorts a photo, bilinear between pixel centres.
     *
     * @param photo photo of the camera's size
     * @return picture of the pinhole camera's size; the photo itself when nothing changes
     * @throws IllegalArgumentException if the photo's size is not the camera's
     */
    public Image apply(Image photo) {
        if (photo.width() != camera.width() || photo.height() != camera.height()) {
            throw new IllegalArgumentException("expected a photo of " + camera.width() + "x" + camera.height()
                    + " but was " + photo.width() + "x" + photo.height());
        }
        return identity ? photo : Transparency.resampled(photo, this::resampled);
    }

    private Image resampled(Image photo) {
        int w = photo.width();
        int h = photo.height();
        byte[] source = photo.rgb();
        byte[] target = new byte[3 * pinhole.width() * pinhole.height()];
        double[] pixel = new double[2];
        for (int y = 0; y < pinhole.height(); y++) {
            double v = (y + 0.5 - pinhole.cy()) / pinhole.fy();
            for (int x = 0; x < pinhole.width(); x++) {
                camera.project((x + 0.5 - pinhole.cx()) / pinhole.fx(), v, 1, pixel, null, null);
                double sx = Math.min(Math.max(pixel[0] - 0.5, 0), w - 1);
                double sy = Math.min(Math.max(pixel[1] - 0.5, 0), h - 1);
                int x0 = (int) sx;
                int y0 = (int) sy;
                int dx = x0 + 1 < w ? 3 : 0;
                int dy = y0 + 1 < h ? 3 * w : 0;
                double ax = sx - x0;
                double ay = sy - y0;
                int i = 3 * (y0 * w + x0);
                int o = 3 * (y * pinhole.width() + x);
                for (int c = 0; c < 3; c++, i++) {
                    double upper = (source[i] & 0xff) * (1 - ax) + (source[i + dx] & 0xff) * ax;
                    double lower = (source[i + dy] & 0xff) * (1 - ax) + (source[i + dx + dy] & 0xff) * ax;
                    target[o + c] = (byte) (int) (upper * (1 - ay) + lower * ay + 0.5);
                }
            }
        }
        return new Image(pinhole.width(), pinhole.height(), target);
    }

    /**
     * The mask of an undistorted photo.
     *
     * @param mask mask of the photo as taken, at any size of its shape
     * @return mask of the pinhole camera's size; each pixel is that of the place of its centre
     */
    public Mask apply(Mask mask) {
        double byX = (double) mask.width() / camera.width();
        double byY = (double) mask.height() / camera.height();
        return Mask.of(pinhole.width(), pinhole.height(), (x, y) -> {
            Vector2d p = identity ? new Vector2d(x + 0.5, y + 0.5) : distort(x + 0.5, y + 0.5);
            return mask.keeps(p.x * byX, p.y * byY);
        });
    }

    /**
     * Where a pixel of the photo lands in the undistorted picture.
     *
     * @param x x in pixels of the photo
     * @param y y in pixels of the photo
     * @return position in pixels of the undistorted picture; may lie outside of it
     */
    public Vector2d undistort(double x, double y) {
        double[] ray = new double[2];
        camera.unproject(x, y, ray);
        return new Vector2d(ray[0] * pinhole.fx() + pinhole.cx(), ray[1] * pinhole.fy() + pinhole.cy());
    }

    /**
     * Where a pixel of the undistorted picture comes from.
     *
     * @param x x in pixels of the undistorted picture
     * @param y y in pixels of the undistorted picture
     * @return position in pixels of the photo
     */
    public Vector2d distort(double x, double y) {
        double[] pixel = new double[2];
        camera.project((x - pinhole.cx()) / pinhole.fx(), (y - pinhole.cy()) / pinhole.fy(), 1, pixel, null, null);
        return new Vector2d(pixel[0], pixel[1]);
    }

    /**
     * The undistorted pictures of a scene's photos, which {@link #scene(Scene)} goes with. Each is made when it is read.
     *
     * @param scene scene with cameras of any model
     * @param photos its photos and their masks, as taken
     * @return undistorted pictures and masks, by the names of the photos
     */
    public static PhotoSource photos(Scene scene, PhotoSource photos) {
        List<Undistortion> all = scene.cameras().stream().map(Undistortion::of).toList();
        PhotoSource pictures = name -> all.get(cameraOf(scene, name)).apply(photos.read(name));
        return pictures.withMasks(name -> {
            Undistortion undistortion = all.get(cameraOf(scene, name));
            return photos.mask(name).map(undistortion::apply);
        });
    }

    private static int cameraOf(Scene scene, String name) throws IOException {
        return scene.view(name)
                .orElseThrow(() -> new IOException(
                        name + ": is not among the scene's " + scene.views().size() + " photos"))
                .cameraIndex();
    }

    /**
     * The scene of the undistorted pictures: pinhole cameras, keypoints moved, poses and points unchanged.
     *
     * @param scene scene with cameras of any model
     * @return a new scene, all of whose cameras are {@link CameraModel#PINHOLE}
     */
    public static Scene scene(Scene scene) {
        List<Undistortion> all = scene.cameras().stream().map(Undistortion::of).toList();
        List<View> views = new ArrayList<>();
        for (View view : scene.views()) {
            Undistortion undistortion = all.get(view.cameraIndex());
            double[] keypoints = view.keypoints();
            for (int k = 0; k < view.keypointCount() && !undistortion.identity; k++) {
                Vector2d moved = undistortion.undistort(view.x(k), view.y(k));
                keypoints[2 * k] = moved.x;
                keypoints[2 * k + 1] = moved.y;
            }
            views.add(new View(view.name(), view.cameraIndex(), view.camFromWorld(), keypoints, view.pointIndices()));
        }
        return new Scene(all.stream().map(Undistortion::pinholeCamera).toList(), views, scene.points());
    }
}
