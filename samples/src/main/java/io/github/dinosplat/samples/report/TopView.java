package io.github.dinosplat.samples.report;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.joml.Vector3d;

/** Cameras and sparse points seen from above: points as a picture, cameras as outlined viewing cones over it. */
final class TopView {

    private static final int WIDTH = 1000;
    private static final int MAX_HEIGHT = 760;
    private static final int MIN_HEIGHT = 420;
    private static final int MARGIN = 36;
    /** Background of the points, a dark slate in both themes so that the points' own colours can be seen. */
    private static final int BACKGROUND = 0x10151d;

    private final Scene scene;
    private final Vector3d right;
    private final Vector3d ahead;
    private final Vector3d up;
    private final double left;
    private final double top;
    private final double pixelsPerUnit;
    private final int height;

    /**
     * A view along a direction.
     *
     * @param scene the scene
     * @param up unit vector against which the viewer looks
     * @param top unit vector that is up on the page, square to {@code up} after projection
     */
    TopView(Scene scene, Vector3d up, Vector3d top) {
        this.scene = scene;
        this.up = new Vector3d(up).normalize();
        this.right = new Vector3d(top).cross(up).normalize();
        this.ahead = new Vector3d(up).cross(right).normalize();
        double[] x = extent(right);
        double[] y = extent(ahead);
        double scale = Math.min((WIDTH - 2.0 * MARGIN) / (x[1] - x[0]), (MAX_HEIGHT - 2.0 * MARGIN) / (y[1] - y[0]));
        this.pixelsPerUnit = scale;
        this.height = (int) Math.max(MIN_HEIGHT, Math.round((y[1] - y[0]) * scale) + 2 * MARGIN);
        this.left = (x[0] + x[1]) / 2 - WIDTH / 2.0 / scale;
        this.top = (y[0] + y[1]) / 2 + height / 2.0 / scale;
    }

    /** From the lowest to the highest coordinate of all cameras and of all but the outermost 5 % of the points. */
    private double[] extent(Vector3d axis) {
        double[] along = new double[scene.points().count()];
        for (int i = 0; i < along.length; i++) {
            along[i] = scene.points().position(i).dot(axis);
        }
        Arrays.sort(along);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        if (along.length > 0) {
            low = along[(int) (0.05 * along.length)];
            high = along[(int) (0.95 * (along.length - 1))];
        }
        for (View view : scene.views()) {
            double c = view.camFromWorld().targetOriginInSource().dot(axis);
            low = Math.min(low, c);
            high = Math.max(high, c);
        }
        return high > low ? new double[] {low, high} : new double[] {low - 1, low + 1};
    }

    /**
     * The drawing.
     *
     * @param heldOut names of photos that are marked
     * @param unit name of the scene's unit of length, of several, for the scale bar
     */
    String svg(Set<String> heldOut, String unit) throws IOException {
        Html svg = new Html();
        svg.format(
                "<svg class=\"top\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Cameras and points from above\">",
                WIDTH, height);
        svg.raw("<image width=\"" + WIDTH + "\" height=\"" + height + "\" href=\"" + pointsPicture() + "\"/>");
        double size = coneSize();
        for (View view : scene.views()) {
            svg.format(
                    "<path class=\"%s\" d=\"%s\"><title>%s</title></path>",
                    heldOut.contains(view.name()) ? "cam held" : "cam", cone(view, size), view.name());
            Vector3d centre = view.camFromWorld().targetOriginInSource();
            svg.format(
                    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                    heldOut.contains(view.name()) ? "eye held" : "eye", pageX(centre), pageY(centre));
        }
        return svg.raw(scaleBar(unit)).raw("</svg>").toString();
    }

    /** A bar of a round length, about a fifth of the width. */
    private String scaleBar(String unit) {
        double length = LineChart.ticks(0, WIDTH / pixelsPerUnit)[1];
        return new Html()
                .format(
                        "<path class=\"scale\" d=\"M%d %dv8h%.1fv-8\"/>",
                        MARGIN / 2, height - MARGIN / 2 - 8, length * pixelsPerUnit)
                .format(
                        "<text class=\"scale\" x=\"%d\" y=\"%d\">%s %s</text>",
                        MARGIN / 2 + 6,
                        height - MARGIN / 2 - 6,
                        LineChart.number(length),
                        length == 1 ? unit.replaceFirst("s$", "") : unit)
                .toString();
    }

    private String pointsPicture() throws IOException {
        int n = scene.points().count();
        Integer[] lowFirst = new Integer[n];
        Arrays.setAll(lowFirst, i -> i);
        ToDoubleFunction<Integer> heightOf = i -> scene.points().position(i).dot(up);
        double[] heights = new double[n];
        for (int i = 0; i < n; i++) {
            heights[i] = heightOf.applyAsDouble(i);
        }
        Arrays.sort(lowFirst, Comparator.comparingDouble(i -> heights[i]));
        int[] rgb = new int[WIDTH * height];
        Arrays.fill(rgb, BACKGROUND);
        for (int i : lowFirst) {
            Vector3d p = scene.points().position(i);
            int x = (int) Math.floor(pageX(p));
            int y = (int) Math.floor(pageY(p));
            int colour = 0;
            for (int channel = 0; channel < 3; channel++) {
                colour = colour << 8 | Math.min(255, 40 + scene.points().colour(i, channel));
            }
            for (int dy = 0; dy < 2; dy++) {
                for (int dx = 0; dx < 2; dx++) {
                    if (x + dx >= 0 && x + dx < WIDTH && y + dy >= 0 && y + dy < height) {
                        rgb[(y + dy) * WIDTH + x + dx] = colour;
                    }
                }
            }
        }
        return Pictures.png(WIDTH, height, rgb);
    }

    private double pageX(Vector3d point) {
        return (point.dot(right) - left) * pixelsPerUnit;
    }

    private double pageY(Vector3d point) {
        return (top - point.dot(ahead)) * pixelsPerUnit;
    }

    /** Cones that neither vanish nor cover each other: a share of the usual distance between neighbours. */
    private double coneSize() {
        int n = scene.views().size();
        double[] nearest = new double[n];
        Arrays.fill(nearest, Double.POSITIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            Vector3d a = scene.views().get(i).camFromWorld().targetOriginInSource();
            for (int j = 0; j < n; j++) {
                if (j != i) {
                    nearest[i] = Math.min(
                            nearest[i],
                            a.distance(scene.views().get(j).camFromWorld().targetOriginInSource()));
                }
            }
        }
        Arrays.sort(nearest);
        double usual = n < 2 ? 0 : nearest[n / 2] * pixelsPerUnit;
        return Math.min(Math.max(0.7 * usual, 12), 44) / pixelsPerUnit;
    }

    private String cone(View view, double size) {
        Camera camera = scene.cameraOf(view);
        Vector3d apex = view.camFromWorld().targetOriginInSource();
        double[][] corners = {{0, 0}, {camera.width(), 0}, {camera.width(), camera.height()}, {0, camera.height()}};
        StringBuilder path = new StringBuilder();
        double[] xs = new double[4];
        double[] ys = new double[4];
        double half = Math.hypot(camera.width() / camera.fx(), camera.height() / camera.fy()) / 2;
        double depth = size / Math.max(1, half);
        for (int i = 0; i < 4; i++) {
            Vector3d inCam = new Vector3d(
                            (corners[i][0] - camera.cx()) / camera.fx(), (corners[i][1] - camera.cy()) / camera.fy(), 1)
                    .mul(depth);
            Vector3d world = view.camFromWorld().inverse().transform(inCam);
            xs[i] = pageX(world);
            ys[i] = pageY(world);
        }
        for (int i = 0; i < 4; i++) {
            path.append(point('M', pageX(apex), pageY(apex))).append(point('L', xs[i], ys[i]));
            path.append(point('L', xs[(i + 1) % 4], ys[(i + 1) % 4]));
        }
        return path.toString();
    }

    private static String point(char command, double x, double y) {
        return String.format(Locale.ROOT, "%c%.1f %.1f", command, x, y);
    }
}
