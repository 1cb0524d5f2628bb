package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.DenseDepth;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    private final List<SeenDepths> photos;
    private final List<Image> pictures;
    private double[] positions = new double[3 * 4096];
    private float[] colours = new float[3 * 4096];
    private int made;

    /** Positions and colours (0 to 1) of some points, [N, 3] each. */
    record Points(double[] positions, float[] colours) {}

    /** Makes at most so many seeds. */
    interface Source {
        Points seeds(int most) throws IOException;
    }

    private DenseSeeds(List<SeenDepths> photos, List<Image> pictures) {
        this.photos = photos;
        this.pictures = pictures;
    }

    /**
     * Makes seeds.
     *
     * @param photos depths of the photos
     * @param pictures the photos, of the maps' size
     * @param most the most that may be made: cells are as small as this allows
     */
    static Points of(List<SeenDepths> photos, List<Image> pictures, int most) {
        DenseSeeds seeds = new DenseSeeds(photos, pictures);
        double cell = 1;
        while (!seeds.make(cell, Math.max(0, most))) {
            cell *= NEXT_CELL;
        }
        return new Points(Arrays.copyOf(seeds.positions, 3 * seeds.made), Arrays.copyOf(seeds.colours, 3 * seeds.made));
    }

    /** Returns false, with nothing of use made, where cells of this size make too many. */
    private boolean make(double cell, int most) {
        made = 0;
        for (int v = 0; v < photos.size(); v++) {
            PinholeView camera = photos.get(v).camera();
            int columns = (int) Math.ceil(camera.width() / cell);
            int rows = (int) Math.ceil(camera.height() / cell);
            boolean[] covered = covered(photos.get(v), cell, columns, rows);
            for (int c = 0; c < covered.length; c++) {
                int x = Math.min(camera.width() - 1, (int) ((c % columns + 0.5) * cell));
                int y = Math.min(camera.height() - 1, (int) ((c / columns + 0.5) * cell));
                if (!covered[c] && photos.get(v).map().depth(x, y) > 0) {
                    if (made == most) {
                        return false;
                    }
                    add(v, x, y);
                }
            }
        }
        return true;
    }

    private boolean[] covered(SeenDepths photo, double cell, int columns, int rows) {
        boolean[] covered = new boolean[columns * rows];
        Vector3d world = new Vector3d();
        for (int i = 0; i < made; i++) {
            world.set(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            Optional<PicturePoint> seen = photo.camera().see(world);
            if (seen.isPresent()) {
                PicturePoint p = seen.get();
                double z = photo.depth(p);
                covered[(int) (p.y() / cell) * columns + (int) (p.x() / cell)] |=
                        z > 0 && Math.abs(z / p.depth() - 1) < SAME;
            }
        }
        return covered;
    }

    private void add(int v, int x, int y) {
        if (positions.length < 3 * (made + 1)) {
            positions = Arrays.copyOf(positions, 2 * positions.length);
            colours = Arrays.copyOf(colours, 2 * colours.length);
        }
        SeenDepths photo = photos.get(v);
        Vector3d world = photo.camera().unproject(x + 0.5, y + 0.5, photo.map().depth(x, y));
        if (hidesWhatOthersSee(v, world)) {
            return;
        }
        for (int k = 0; k < 3; k++) {
            positions[3 * made + k] = world.get(k);
            colours[3 * made + k] = pictures.get(v).value(x, y, k) / 255f;
        }
        made++;
    }

    /** Whether a place lies before a surface that another photo's confirmed depths show there. */
    private boolean hidesWhatOthersSee(int own, Vector3d world) {
        for (int v = 0; v < photos.size(); v++) {
            if (v != own && hides(world, photos.get(v))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hides(Vector3d world, SeenDepths photo) {
        Optional<PicturePoint> seen = photo.camera().see(world);
        return seen.isPresent()
                && photo.confidence(seen.get()) > DenseDepth.GUESSED
                && seen.get().depth() < (1 - BEFORE) * photo.depth(seen.get());
    }
}
