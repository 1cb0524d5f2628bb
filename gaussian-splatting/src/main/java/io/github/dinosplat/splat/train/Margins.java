package io.github.dinosplat.splat.train;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.Gaussians;
import java.util.List;
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

    private final List<View> views;
    private final List<DepthMap> maps;
    private final List<SurfaceGrid> grids;
    private final Camera[] cameras;
    private final FreeSpace free;
    private final double[] positions;
    private final double[] scales;
    private final double[] colours;
    private int made;

    private Margins(
            List<View> views,
            Camera[] cameras,
            List<DepthMap> maps,
            List<SurfaceGrid> grids,
            FreeSpace free,
            int most) {
        this.free = free;
        this.views = views;
        this.maps = maps;
        this.grids = grids;
        this.cameras = cameras;
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
     * @param cameras of the views, of the maps' size
     * @param maps depths of the views
     * @param grids the maps continued
     * @param free tells what is too near to a camera for a guess
     * @param most the most Gaussians that may be added
     */
    static Gaussians beside(
            Gaussians inner,
            List<View> views,
            Camera[] cameras,
            List<DepthMap> maps,
            List<SurfaceGrid> grids,
            FreeSpace free,
            int most) {
        Margins margins = new Margins(views, cameras, maps, grids, free, most);
        for (int v = 0; v < cameras.length; v++) {
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
        Camera camera = cameras[v];
        SurfaceGrid grid = grids.get(v);
        boolean[] covered = covered(v, inner);
        for (int i = 0; i < covered.length && made < scales.length; i++) {
            if (grid.isInside(i) || covered[i]) {
                continue;
            }
            double z = grid.depth(i);
            Vector3d inCam = new Vector3d(
                    (grid.x(i) - camera.cx()) / camera.fx() * z, (grid.y(i) - camera.cy()) / camera.fy() * z, z);
            Vector3d world = views.get(v).camFromWorld().inverse().transform(inCam);
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
        Vector3d p = new Vector3d();
        for (int i = 0; i < inner.count() + made; i++) {
            int j = i - inner.count();
            for (int k = 0; k < 3; k++) {
                p.setComponent(k, j < 0 ? inner.means()[3 * i + k] : positions[3 * j + k]);
            }
            Vector3d c = views.get(v).camFromWorld().transform(p);
            if (c.z > 0) {
                int to = grid.at(
                        cameras[v].fx() * c.x / c.z + cameras[v].cx(), cameras[v].fy() * c.y / c.z + cameras[v].cy());
                if (to >= 0) {
                    covered[to] |= c.z < BEHIND * grid.depth(to);
                }
            }
        }
        return covered;
    }

    /** Whether a training photo shows a place, or might. */
    private boolean isShown(Vector3d world) {
        for (int v = 0; v < cameras.length; v++) {
            Camera camera = cameras[v];
            Vector3d c = views.get(v).camFromWorld().transform(new Vector3d(world));
            double x = camera.fx() * c.x / c.z + camera.cx();
            double y = camera.fy() * c.y / c.z + camera.cy();
            if (c.z > 0 && x >= 0 && y >= 0 && x < camera.width() && y < camera.height()) {
                double z = maps.get(v).depth((int) x, (int) y);
                if (z == 0 || c.z < BEHIND * z) {
                    return true;
                }
            }
        }
        return false;
    }
}
