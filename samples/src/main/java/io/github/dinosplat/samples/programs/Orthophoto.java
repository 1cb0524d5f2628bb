package io.github.dinosplat.samples.programs;

import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.SplatEngine;
import io.github.dinosplat.splat.TrainingState;
import io.github.dinosplat.splat.io.SplatFiles;
import io.github.dinosplat.splat.io.StoredSplats;
import io.github.dinosplat.splat.jvm.JvmEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * {@code Orthophoto SPLATS MODEL METRES_PER_PIXEL OUT.png}: splats straight from above, north up. For scenes whose x is east, y
 * north and z up in metres, as {@code reconstruct} makes them where the photos' GPS allows it ({@code georef.json}).
 *
 * <p>The world file {@code OUT.pgw} beside the picture tells programs for maps where it lies, in metres from the scene's origin. With
 * the latitude and longitude of {@code georef.json} they call this frame
 * {@code +proj=aeqd +lat_0=LATITUDE +lon_0=LONGITUDE +datum=WGS84 +units=m}, the same to a few decimetres within a kilometre.
 */
public final class Orthophoto {

    private Orthophoto() {}

    /**
     * Runs the program.
     *
     * @param args splat file, folder with the COLMAP model, size of a pixel on the ground in metres, the PNG to write
     * @throws Exception if something cannot be read or written
     */
    public static void main(String[] args) throws Exception {
        StoredSplats stored = SplatFiles.read(Path.of(args[0]));
        ScenePoints points = ColmapModel.read(Path.of(args[1])).points();
        double metresPerPixel = Double.parseDouble(args[2]);
        Path picture = Path.of(args[3]);
        double scale = 1 / metresPerPixel;
        Span east = Span.of(points, 0);
        Span north = Span.of(points, 1);
        Span up = Span.of(points, 2);

        // Sky and distance are splats too, and would hide the ground from above.
        Gaussians all = stored.gaussians();
        float[] means = all.means();
        Gaussians ground = all.select(IntStream.range(0, all.count())
                .filter(i -> east.has(means[3 * i]) && north.has(means[3 * i + 1]) && up.has(means[3 * i + 2]))
                .toArray());

        // Half a turn about east: x stays, y points south, z down. The camera is above everything.
        Rigid3 camFromEnu = new Rigid3(new Quaterniond().rotationX(Math.PI), new Vector3d(0, 0, up.high + 1));
        OrthographicView view = new OrthographicView(
                scale,
                scale,
                -east.low * scale,
                north.high * scale,
                (int) Math.ceil(east.length() * scale),
                (int) Math.ceil(north.length() * scale),
                camFromEnu);
        try (SplatEngine engine = new JvmEngine(Runtime.getRuntime().availableProcessors())) {
            engine.load(TrainingState.start(ground));
            ImageFiles.writePng(engine.render(view, stored.renderOptions()).image(), picture);
        }
        // Size of a pixel along both axes, no shear, and where the centre of the top left pixel is.
        double[] world = {
            metresPerPixel, 0, 0, -metresPerPixel, east.low + metresPerPixel / 2, north.high - metresPerPixel / 2
        };
        Files.write(
                picture.resolveSibling(Photo.stem(String.valueOf(picture.getFileName())) + ".pgw"),
                DoubleStream.of(world).mapToObj(Double::toString).toList());
    }

    /** Where the sparse points lie along an axis, without the outermost ones and with a tenth more on each side. */
    private record Span(double low, double high) {

        static Span of(ScenePoints points, int axis) {
            double[] sorted = IntStream.range(0, points.count())
                    .mapToDouble(i -> points.coordinate(i, axis))
                    .sorted()
                    .toArray();
            int outermost = sorted.length / 100;
            double low = sorted[outermost];
            double high = sorted[sorted.length - 1 - outermost];
            return new Span(low - 0.1 * (high - low), high + 0.1 * (high - low));
        }

        boolean has(double value) {
            return value >= low && value <= high;
        }

        double length() {
            return high - low;
        }
    }
}
