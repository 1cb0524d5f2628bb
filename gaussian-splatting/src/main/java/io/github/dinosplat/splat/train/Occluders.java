package io.github.dinosplat.splat.train;

import io.github.dinosplat.splat.PicturePoint;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.stereo.Islands;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/**
 * Things that one photo alone shows before surfaces that others show bare: a branch beside the camera, before the house. No two
 * photos agree on them, so training would paint the branch onto the house, or leave it floating where other views see it.
 * But a photo with other colours than the surface that its neighbours confirm there must show something nearer; it is put
 * where none of them would show it, which is mostly beside their pictures.
 */
final class Occluders {

    /** So many photos taken nearby are asked. */
    private static final int NEIGHBOURS = 8;

    /** Colours of one surface differ by less than this. */
    private static final double LEAST_DIFFERENCE = 0.2;

    /** And by less than this factor of what is usual between a photo and its neighbours, which may be exposed otherwise. */
    private static final double UNUSUAL = 4;

    /** Inverse depths that differ by less than this part are of one surface. */
    private static final double SAME = 0.03;

    /** Of a cell and the eight around, so many must be of an occluder: at the outlines of things surfaces are off by a cell. */
    private static final int MOST_OF_NINE = 6;

    /** What covers less of the picture is mostly a mistake. */
    private static final double LEAST_PART = 0.01;

    /** Neighbouring cells whose colours differ by less belong to the same thing. */
    private static final double SAME_THING = 0.1;

    /** Depths that are tried: from this part of the surface's on, each nearer by a factor. */
    private static final double FIRST_DEPTH = 0.7;

    private static final double NEXT_DEPTH = 0.85;
    private static final int DEPTHS = 20;

    /** The part of a photo's occluders that lies farther than is possible for some: most are continuous things. */
    private static final double QUANTILE = 0.25;

    /** All that is nearer than the farthest possible is as likely. */
    private static final double LIKELY = 0.5;

    private final PhotoCells own;
    private final List<PhotoCells> neighbours;
    /** By cell: depth of the nearest surface that neighbours confirm there, 0 where there is none. */
    private final float[] behind;
    /** By cell: how far the colours of that surface are from the photo's own, at least. */
    private final double[] differences;

    private Occluders(PhotoCells own, List<PhotoCells> neighbours) {
        this.own = own;
        this.neighbours = neighbours;
        behind = new float[own.count()];
        differences = new double[own.count()];
        neighbours.forEach(this::addSurfaces);
    }

    /**
     * The photos that are asked about a photo's occluders.
     *
     * @param cameras of all training photos
     * @param v which of them
     * @return the nearest others, nearest first
     */
    static int[] neighbours(List<PinholeView> cameras, int v) {
        Vector3d centre = centre(cameras.get(v));
        return IntStream.range(0, cameras.size())
                .filter(o -> o != v)
                .boxed()
                .sorted(Comparator.comparingDouble(o -> centre(cameras.get(o)).distanceSquared(centre)))
                .limit(NEIGHBOURS)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /**
     * Looks for occluders.
     *
     * @param own a photo with its confirmed depths
     * @param neighbours photos taken nearby
     * @return depths of the photo's occluders, cell by cell, 0 where there are none
     */
    static float[] depths(PhotoCells own, List<PhotoCells> neighbours) {
        return new Occluders(own, neighbours).depths();
    }

    private static Vector3d centre(PinholeView camera) {
        return camera.camFromWorld().targetOriginInSource();
    }

    /** Enters what a neighbour confirms into the cells where the photo would show it. */
    private void addSurfaces(PhotoCells neighbour) {
        for (int j = 0; j < neighbour.count(); j++) {
            Optional<PicturePoint> seen = neighbour.isConfirmed(j)
                    ? own.camera().see(neighbour.world(j, neighbour.depths()[j]))
                    : Optional.empty();
            int i = own.at(seen);
            if (i >= 0) {
                double z = seen.get().depth();
                if (behind[i] == 0 || z < (1 - SAME) * behind[i]) {
                    behind[i] = (float) z;
                    differences[i] = own.difference(i, neighbour, j);
                } else if (z < (1 + SAME) * behind[i]) {
                    differences[i] = Math.min(differences[i], own.difference(i, neighbour, j));
                }
            }
        }
    }

    private float[] depths() {
        double unlike = unlike();
        boolean[] occluder = solid(unlike);
        grow(occluder);
        double[] farthest = IntStream.range(0, occluder.length)
                .mapToDouble(i -> occluder[i] ? farthest(i, unlike) : 0)
                .toArray();
        double[] possible = Arrays.stream(farthest).filter(z -> z > 0).sorted().toArray();
        float[] depths = new float[farthest.length];
        for (int i = 0; i < depths.length; i++) {
            depths[i] = farthest[i] > 0 ? (float) (LIKELY * possible[(int) (QUANTILE * possible.length)]) : 0;
        }
        return depths;
    }

    /** The least difference between colours of different things. */
    private double unlike() {
        double[] agreeing = IntStream.range(0, own.count())
                .filter(i -> own.isConfirmed(i) && Math.abs(behind[i] / own.depths()[i] - 1) < SAME)
                .mapToDouble(i -> differences[i])
                .sorted()
                .toArray();
        return agreeing.length == 0
                ? Double.POSITIVE_INFINITY
                : Math.max(LEAST_DIFFERENCE, UNUSUAL * agreeing[agreeing.length / 2]);
    }

    /** The cells that surely show something else than the surface behind, but for thin lines and small pieces. */
    private boolean[] solid(double unlike) {
        int n = own.count();
        boolean[] other = new boolean[n];
        for (int i = 0; i < n; i++) {
            other[i] = !own.isConfirmed(i) && behind[i] > 0 && differences[i] > unlike;
        }
        boolean[] solid = new boolean[n];
        for (int i = 0; i < n; i++) {
            solid[i] = around(other, i) >= MOST_OF_NINE;
        }
        boolean[] small = Islands.small(own.columns(), own.rows(), i -> solid[i], (i, j) -> true, LEAST_PART * n);
        for (int i = 0; i < n; i++) {
            solid[i] &= !small[i];
        }
        return solid;
    }

    private int around(boolean[] flags, int i) {
        int count = 0;
        for (int row = i / own.columns() - 1; row <= i / own.columns() + 1; row++) {
            for (int column = i % own.columns() - 1; column <= i % own.columns() + 1; column++) {
                boolean inside = row >= 0 && row < own.rows() && column >= 0 && column < own.columns();
                count += inside && flags[row * own.columns() + column] ? 1 : 0;
            }
        }
        return count;
    }

    /** Takes in neighbouring cells of like colours, as of the part of a tree that stands before the sky. */
    private void grow(boolean[] occluder) {
        int[] edge = new int[occluder.length];
        int size = 0;
        for (int i = 0; i < occluder.length; i++) {
            if (occluder[i]) {
                edge[size++] = i;
            }
        }
        for (int k = 0; k < size; k++) {
            int i = edge[k];
            int column = i % own.columns();
            int[] beside = {
                column > 0 ? i - 1 : -1, column + 1 < own.columns() ? i + 1 : -1, i - own.columns(), i + own.columns()
            };
            for (int j : beside) {
                if (j >= 0 && j < occluder.length && !occluder[j] && belongs(i, j)) {
                    occluder[j] = true;
                    behind[j] = behind[j] > 0 ? behind[j] : behind[i];
                    edge[size++] = j;
                }
            }
        }
    }

    private boolean belongs(int i, int j) {
        return !own.isConfirmed(j) && own.difference(i, own, j) < SAME_THING;
    }

    /** The greatest depth at which no neighbour would show what a cell does and does not; 0 where there is none. */
    private double farthest(int i, double unlike) {
        double depth = FIRST_DEPTH * behind[i];
        for (int k = 0; k < DEPTHS; k++, depth *= NEXT_DEPTH) {
            Vector3d place = own.world(i, depth);
            if (neighbours.stream().noneMatch(n -> denies(n, place, i, unlike))) {
                return depth;
            }
        }
        return 0;
    }

    /** Whether a neighbour looks through a place to a surface behind it, or shows other colours there than a cell. */
    private boolean denies(PhotoCells neighbour, Vector3d place, int i, double unlike) {
        Optional<PicturePoint> seen = neighbour.camera().see(place);
        int j = neighbour.at(seen);
        if (j < 0) {
            return false;
        }
        return neighbour.isConfirmed(j)
                ? seen.get().depth() < (1 - SAME) * neighbour.depths()[j]
                : own.difference(i, neighbour, j) > unlike;
    }
}
