package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.joml.Vector3d;

/**
 * Points on the surfaces that dense depth found, spread evenly over what the photos show: one for each cell of a photo's
 * grid where no point made before already lies at that depth.
 */
final class DenseSeeds {

    /** Seeds whose inverse depths differ by less than this part lie on the same surface. */
    private static final double SAME = 0.03;

    /** A seed this part of the depth before a surface that another photo surely shows can't be there. */
    private static final double BEFORE = 0.05;

    private static final double NEXT_CELL = 1.15;

    private final List<View> views;
    private final List<DepthMap> maps;
    private final Camera[] cameras;
    private final Image[] images;
    private double[] positions = new double[3 * 4096];
    private float[] colours = new float[3 * 4096];
    private int made;

    /** Positions and colours (0 to 1) of some points, [N, 3] each. */
    record Points(double[] positions, float[] colours) {}

    /** Makes at most so many seeds. */
    interface Source {
        Points seeds(int most) throws IOException;
    }

    private DenseSeeds(List<View> views, List<DepthMap> maps, TrainingPhotos photos, int level) throws IOException {
        this.views = views;
        this.maps = maps;
        cameras = new Camera[views.size()];
        images = new Image[views.size()];
        for (int v = 0; v < cameras.length; v++) {
            cameras[v] = photos.camera(views.get(v), level);
            images[v] = photos.image(views.get(v), level);
        }
    }

    /**
     * Makes seeds.
     *
     * @param maps depths of the views, of the pictures' size at the level
     * @param most the most that may be made: cells are as small as this allows
     */
    static Points of(List<View> views, List<DepthMap> maps, TrainingPhotos photos, int level, int most)
            throws IOException {
        DenseSeeds seeds = new DenseSeeds(views, maps, photos, level);
        double cell = 1;
        while (!seeds.make(cell, Math.max(0, most))) {
            cell *= NEXT_CELL;
        }
        return new Points(Arrays.copyOf(seeds.positions, 3 * seeds.made), Arrays.copyOf(seeds.colours, 3 * seeds.made));
    }

    /** Returns false, with nothing of use made, where cells of this size make too many. */
    private boolean make(double cell, int most) {
        made = 0;
        for (int v = 0; v < cameras.length; v++) {
            int columns = (int) Math.ceil(cameras[v].width() / cell);
            int rows = (int) Math.ceil(cameras[v].height() / cell);
            boolean[] covered = covered(v, cell, columns, rows);
            for (int c = 0; c < covered.length; c++) {
                int x = Math.min(cameras[v].width() - 1, (int) ((c % columns + 0.5) * cell));
                int y = Math.min(cameras[v].height() - 1, (int) ((c / columns + 0.5) * cell));
                if (!covered[c] && maps.get(v).depth(x, y) > 0) {
                    if (made == most) {
                        return false;
                    }
                    add(v, x, y);
                }
            }
        }
        return true;
    }

    private boolean[] covered(int v, double cell, int columns, int rows) {
        boolean[] covered = new boolean[columns * rows];
        Camera camera = cameras[v];
        Rigid3 pose = views.get(v).camFromWorld();
        Vector3d p = new Vector3d();
        for (int i = 0; i < made; i++) {
            Vector3d c = pose.transform(p.set(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]));
            if (c.z > 0) {
                double x = camera.fx() * c.x / c.z + camera.cx();
                double y = camera.fy() * c.y / c.z + camera.cy();
                if (x >= 0 && y >= 0 && x < camera.width() && y < camera.height()) {
                    int to = (int) (y / cell) * columns + (int) (x / cell);
                    double z = maps.get(v).depth((int) x, (int) y);
                    covered[to] |= z > 0 && Math.abs(z / c.z - 1) < SAME;
                }
            }
        }
        return covered;
    }

    private void add(int v, int x, int y) {
        if (positions.length < 3 * (made + 1)) {
            positions = Arrays.copyOf(positions, 2 * positions.length);
            colours = Arrays.copyOf(colours, 2 * colours.length);
        }
        Camera camera = cameras[v];
        double z = maps.get(v).depth(x, y);
        Vector3d inCam =
                new Vector3d((x + 0.5 - camera.cx()) / camera.fx() * z, (y + 0.5 - camera.cy()) / camera.fy() * z, z);
        Vector3d world = views.get(v).camFromWorld().inverse().transform(inCam);
        if (hidesWhatOthersSee(v, world)) {
            return;
        }
        for (int k = 0; k < 3; k++) {
            positions[3 * made + k] = world.get(k);
            colours[3 * made + k] = images[v].value(x, y, k) / 255f;
        }
        made++;
    }

    /** Whether a place lies before a surface that another photo's confirmed depths show there. */
    private boolean hidesWhatOthersSee(int own, Vector3d world) {
        for (int v = 0; v < cameras.length; v++) {
            Camera camera = cameras[v];
            Vector3d c = views.get(v).camFromWorld().transform(world);
            double x = camera.fx() * c.x / c.z + camera.cx();
            double y = camera.fy() * c.y / c.z + camera.cy();
            if (v != own && c.z > 0 && x >= 0 && y >= 0 && x < camera.width() && y < camera.height()) {
                boolean sure = maps.get(v).confidence((int) x, (int) y) > DenseDepth.GUESSED;
                if (sure && c.z < (1 - BEFORE) * maps.get(v).depth((int) x, (int) y)) {
                    return true;
                }
            }
        }
        return false;
    }
}
