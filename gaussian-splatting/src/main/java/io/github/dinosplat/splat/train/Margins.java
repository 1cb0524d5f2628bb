package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import java.util.List;
import java.util.Optional;
import org.joml.Vector3d;

/**
 * What lies beside the training photos, guessed: each photo's surfaces and colours go on for a part of its size beyond its
 * border, as large smooth Gaussians, where no training photo shows the place. A view from beside the photos then sees a
 * blurred wall go on instead of a hole.
 */
final class Margins {

    private static final double MOST_PART = 0.1;
    private static final double OPACITY = 0.9;
    /** Standard deviation of a Gaussian in cells. */
    private static final double OVERLAP = 0.7;

    /** A place up to this factor beyond a photo's surface counts as shown by it. */
    private static final double BEHIND = 1.1;

    private final List<SeenDepths> photos;
    private final List<SurfaceGrid> grids;
    private final FreeSpace free;
    private final double[] positions;
    private final double[] scales;
    private final double[] colours;
    private int made;

    private Margins(List<SeenDepths> photos, List<SurfaceGrid> grids, FreeSpace free, int most) {
        this.photos = photos;
        this.grids = grids;
        this.free = free;
        positions = new double[3 * most];
        scales = new double[most];
        colours = new double[3 * most];
    }

    /** How many Gaussians there may be beside the photos where there may be so many in all. */
    static int countFor(int mostGaussians) {
        return (int) (MOST_PART * mostGaussians);
    }

    /**
     * Adds the margins.
     *
     * @param inner Gaussians of what the photos show
     * @param photos depths of the photos
     * @param grids the maps continued
     * @param free tells what is too near to a camera for a guess
     * @param most the most Gaussians that may be added
     */
    static Gaussians beside(
            Gaussians inner, List<SeenDepths> photos, List<SurfaceGrid> grids, FreeSpace free, int most) {
        Margins margins = new Margins(photos, grids, free, most);
        for (int v = 0; v < grids.size(); v++) {
            if (grids.get(v).isKnown()) {
                margins.add(v, inner);
            }
        }
        return margins.joined(inner);
    }

    private Gaussians joined(Gaussians inner) {
        Gaussians all = Gaussians.zeros(inner.count() + made, inner.shDegree());
        Surroundings.copy(inner, all);
        for (int i = 0; i < made; i++) {
            int at = inner.count() + i;
            for (int k = 0; k < 3; k++) {
                all.means()[3 * at + k] = (float) positions[3 * i + k];
                all.logScales()[3 * at + k] = (float) Math.log(scales[i]);
                all.sh()[3 * Gaussians.SH_COEFFICIENTS * at + k] =
                        (float) ((colours[3 * i + k] - 0.5) / InitialGaussians.SH_BASE);
            }
            all.quaternions()[4 * at] = 1;
            all.logitOpacities()[at] = (float) Gaussians.logit(OPACITY);
        }
        return all;
    }

    private void add(int v, Gaussians inner) {
        PinholeView camera = photos.get(v).camera();
        SurfaceGrid grid = grids.get(v);
        boolean[] covered = covered(v, inner);
        for (int i = 0; i < covered.length && made < scales.length; i++) {
            if (grid.isInside(i) || covered[i]) {
                continue;
            }
            double z = grid.depth(i);
            Vector3d world = camera.unproject(grid.x(i), grid.y(i), z);
            if (!isShown(world) && !free.isNear(world)) {
                scales[made] = OVERLAP * grid.cell * z / camera.fx();
                for (int k = 0; k < 3; k++) {
                    positions[3 * made + k] = world.get(k);
                    colours[3 * made + k] = grid.colour(i, k);
                }
                made++;
            }
        }
    }

    /** The cells in which something made before lies, not far behind the surface. */
    private boolean[] covered(int v, Gaussians inner) {
        SurfaceGrid grid = grids.get(v);
        boolean[] covered = new boolean[grid.columns * grid.rows];
        Vector3d world = new Vector3d();
        for (int i = 0; i < inner.count() + made; i++) {
            int j = i - inner.count();
            for (int k = 0; k < 3; k++) {
                world.setComponent(k, j < 0 ? inner.means()[3 * i + k] : positions[3 * j + k]);
            }
            Optional<PicturePoint> place = photos.get(v).camera().project(world);
            int to = place.map(p -> grid.at(p.x(), p.y())).orElse(-1);
            if (to >= 0) {
                covered[to] |= place.get().depth() < BEHIND * grid.depth(to);
            }
        }
        return covered;
    }

    /** Whether a training photo shows a place, or might. */
    private boolean isShown(Vector3d world) {
        for (SeenDepths photo : photos) {
            Optional<PicturePoint> seen = photo.camera().see(world);
            if (seen.isPresent()) {
                double z = photo.depth(seen.get());
                if (z == 0 || seen.get().depth() < BEHIND * z) {
                    return true;
                }
            }
        }
        return false;
    }
}
