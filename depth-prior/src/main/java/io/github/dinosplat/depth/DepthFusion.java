package io.github.dinosplat.depth;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.joml.Vector3d;

/**
 * One cloud of points from the depth maps of a scene.
 *
 * <p>A pixel becomes a point where the maps of other photos, which see the place from another direction, have the same
 * depth there, and no more of them look through it than agree. Its depth is the mean of all that agree, weighted by confidence; the
 * pixels of the others that agreed give no second point. (The idea is that of the fusion of stereo depth maps, Merrell et
 * al., "Real-Time Visibility-Based Fusion of Depth Maps", ICCV 2007.)
 */
public final class DepthFusion {

    /** Photos that a photo is compared with; at most 32, the bits of an int. */
    static final int NEIGHBOURS = 10;

    /** Maps in memory at once, besides the threads' own. */
    private static final int KEPT_MAPS = 32;

    /** Greatest relative difference of neighbouring pixels' depths within a surface, for its normal. */
    private static final double SURFACE_STEP = 0.03;

    private final Scene scene;
    private final DepthSource maps;
    private final PhotoSource photos;
    private final FusionOptions options;
    private final Neighbours neighbours;
    private final BitSet[] taken;

    private DepthFusion(Scene scene, DepthSource maps, PhotoSource photos, FusionOptions options) {
        this.scene = scene;
        this.maps = new RecentMaps(maps, KEPT_MAPS);
        this.photos = photos;
        this.options = options;
        neighbours = new Neighbours(scene);
        taken = IntStream.range(0, scene.views().size())
                .mapToObj(i -> new BitSet())
                .toArray(BitSet[]::new);
    }

    /**
     * Fuses depth maps and writes the points as a binary little-endian PLY: floats x y z and nx ny nz (unit length, towards
     * the photo it is from) in the world frame, bytes red green blue. Deterministic: the file does not depend on the number
     * of threads. Memory does not grow with the number of points, and with that of photos by a bit for each pixel.
     *
     * @param scene cameras of any model, poses, and sparse points, which say what photos see the same
     * @param maps depth maps in the pixel grids of the scene's photos, reduced
     * @param photos pixels, for the colours
     * @param options when maps agree
     * @param file where to write; an existing file is replaced by a complete one only
     * @param progress told of each photo; stage {@code "fusion"}
     * @return the number of points
     * @throws IOException if a map or photo can't be read or the file can't be written
     * @throws java.util.concurrent.CancellationException if progress asks to stop
     */
    public static long write(
            Scene scene, DepthSource maps, PhotoSource photos, FusionOptions options, Path file, Progress progress)
            throws IOException {
        DepthFusion fusion = new DepthFusion(scene, maps, photos, options);
        try (PointRows rows = new PointRows(file)) {
            fusion.run(rows, progress);
            AtomicFiles.write(file, rows::writePly);
            return rows.count();
        }
    }

    private void run(PointRows rows, Progress progress) throws IOException {
        List<Integer> all = IntStream.range(0, scene.views().size()).boxed().toList();
        int[] done = {0};
        try (PhotoBatches batches = new PhotoBatches(options.threads(), progress)) {
            batches.run(all, this::agreed, (v, found) -> {
                if (found.isPresent()) {
                    emit(v, found.get(), rows);
                }
                progress.update(
                        "fusion", ++done[0], all.size(), scene.views().get(v).name());
            });
        }
    }

    /** A neighbour's map and where it is. */
    private record Other(int view, DepthMap map, MapGeometry geometry) {}

    /**
     * What a photo's map has in common with others'.
     *
     * @param depth [height, width] agreed depth, 0 where there is none
     * @param agreeing [height, width] bit k is set where neighbour k agrees
     * @param normals [height, width, 3] in the world
     */
    private record Agreed(
            DepthMap map,
            MapGeometry geometry,
            List<Other> others,
            float[] depth,
            int[] agreeing,
            float[] normals,
            Image colours) {}

    private Optional<Agreed> agreed(int v) throws IOException {
        View view = scene.views().get(v);
        Optional<DepthMap> own = maps.read(view);
        if (own.isEmpty()) {
            return Optional.empty();
        }
        List<Other> others = new ArrayList<>();
        for (int n : neighbours.of(v, NEIGHBOURS)) {
            View other = scene.views().get(n);
            maps.read(other)
                    .ifPresent(m -> others.add(new Other(n, m, new MapGeometry(scene, other, m.width(), m.height()))));
        }
        DepthMap map = own.get();
        if (others.size() + 1 < options.photos()) {
            return Optional.empty();
        }
        MapGeometry geometry = new MapGeometry(scene, view, map.width(), map.height());
        int pixels = map.width() * map.height();
        Image colours = photos.read(view.name()).resized(map.width(), map.height());
        Agreed result =
                new Agreed(map, geometry, others, new float[pixels], new int[pixels], new float[3 * pixels], colours);
        Comparison comparison = new Comparison();
        for (int i = 0; i < pixels; i++) {
            comparison.compare(result, i);
        }
        return Optional.of(result);
    }

    /** Writes the points that no earlier photo has given. */
    private void emit(int v, Agreed found, PointRows rows) throws IOException {
        double[] ray = new double[2];
        double[] pixel = new double[2];
        Vector3d point = new Vector3d();
        int width = found.map.width();
        for (int i = taken[v].nextClearBit(0); i < found.depth.length; i = taken[v].nextClearBit(i + 1)) {
            if (found.depth[i] > 0 && found.geometry.ray(i % width, i / width, ray)) {
                found.geometry.world(ray, found.depth[i], point);
                rows.add(point, found.normals, found.colours, i);
                for (int bits = found.agreeing[i]; bits != 0; bits &= bits - 1) {
                    Other other = found.others.get(Integer.numberOfTrailingZeros(bits));
                    int at = other.geometry.pixel(point, pixel);
                    if (at >= 0) {
                        taken[other.view].set(at);
                    }
                }
            }
        }
    }

    /** Compares one pixel after another. */
    private final class Comparison {

        private final double[] ray = new double[2];
        private final double[] pixel = new double[2];
        private final Vector3d point = new Vector3d();
        private final Vector3d normal = new Vector3d();

        void compare(Agreed in, int i) {
            int x = i % in.map.width();
            int y = i / in.map.width();
            double z = in.map.depth(x, y);
            double weight = in.map.confidence(x, y);
            if (!(z > 0) || weight < options.minConfidence() || !in.geometry.ray(x, y, ray)) {
                return;
            }
            in.geometry.world(ray, z, point);
            double sum = weight * z;
            int agreeing = 0;
            int lookingThrough = 0;
            for (int k = 0; k < in.others.size(); k++) {
                Other other = in.others.get(k);
                int at = other.geometry.pixel(point, pixel);
                if (at < 0) {
                    continue;
                }
                int ox = at % other.map.width();
                int oy = at / other.map.width();
                double seen = other.map.depth(ox, oy);
                double confidence = other.map.confidence(ox, oy);
                double expected = other.geometry.depth(point);
                if (!(seen > 0) || confidence < options.minConfidence()) {
                    continue;
                }
                if (Math.abs(seen - expected) <= options.tolerance() * expected) {
                    // The other has the point nearer or farther on its own ray: what that is along this photo's axis.
                    double from = in.geometry.depth(other.geometry.centre());
                    agreeing |= 1 << k;
                    sum += confidence * (from + (z - from) * seen / expected);
                    weight += confidence;
                } else if (seen > expected) {
                    lookingThrough++;
                }
            }
            int votes = Integer.bitCount(agreeing);
            if (votes + 1 >= options.photos()
                    && lookingThrough < votes + 1
                    && in.geometry.normal(in.map, x, y, SURFACE_STEP, normal)) {
                in.depth[i] = (float) (sum / weight);
                in.agreeing[i] = agreeing;
                in.normals[3 * i] = (float) normal.x;
                in.normals[3 * i + 1] = (float) normal.y;
                in.normals[3 * i + 2] = (float) normal.z;
            }
        }
    }
}
