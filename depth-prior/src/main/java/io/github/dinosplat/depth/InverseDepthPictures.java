package io.github.dinosplat.depth;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.scene.io.AtomicFiles;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Depth maps in the form that the reference implementation of Gaussian splatting and tools after it read: a 16-bit grey
 * picture for each photo and a {@code depth_params.json} with scale and offset of each, so that
 * {@code picture / 65536 * scale + offset} is the inverse depth in the scene's units.
 */
public final class InverseDepthPictures {

    /** Name of the file with the scales. */
    public static final String PARAMETERS = "depth_params.json";

    private static final double STEPS = 65536;
    /**
     * Readers ignore a photo whose scale is not within a fifth to five times the median of all. With each scale within a
     * quarter of the greatest and the greatest, none is.
     */
    private static final double LEAST_SCALE = 0.25;

    private InverseDepthPictures() {}

    /**
     * Writes a picture for each map, and the scales.
     *
     * @param scene the photos' scene
     * @param maps the maps; each is read twice
     * @param folder receives {@code NAME.png}, folders kept, and {@link #PARAMETERS}
     * @return pictures written
     * @throws IOException if a map can't be read or a file can't be written
     */
    public static int write(Scene scene, DepthSource maps, Path folder) throws IOException {
        double[] nearest = new double[scene.views().size()];
        for (int v = 0; v < nearest.length; v++) {
            Optional<DepthMap> map = maps.read(scene.views().get(v));
            nearest[v] = map.isPresent() ? greatestInverse(map.get()) : 0;
        }
        double most = Arrays.stream(nearest).max().orElse(0);
        double[] scales = Arrays.stream(nearest)
                .map(n -> n > 0 ? Math.max(n, LEAST_SCALE * most) : 0)
                .toArray();
        double[] sorted = Arrays.stream(scales).filter(s -> s > 0).sorted().toArray();
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        for (int v = 0; v < nearest.length; v++) {
            if (scales[v] > 0) {
                View view = scene.views().get(v);
                String stem = Photo.stem(view.name());
                DepthMap map = maps.read(view)
                        .orElseThrow(() -> new IOException(view.name() + ": its depth map is gone: make it again"));
                double scale = scales[v];
                AtomicFiles.write(folder.resolve(stem + ".png"), out -> encode(map, scale, out));
                parameters
                        .putObject(stem)
                        .put("scale", scale)
                        .put("offset", 0.0)
                        .put("med_scale", sorted[sorted.length / 2]);
            }
        }
        byte[] json = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(parameters);
        AtomicFiles.write(folder.resolve(PARAMETERS), out -> out.write(json));
        return sorted.length;
    }

    private static double greatestInverse(DepthMap map) {
        double most = 0;
        for (int i = 0; i < map.width() * map.height(); i++) {
            float depth = map.depth(i % map.width(), i / map.width());
            most = depth > 0 ? Math.max(most, 1.0 / depth) : most;
        }
        return most;
    }

    private static void encode(DepthMap map, double scale, OutputStream out) throws IOException {
        BufferedImage picture = new BufferedImage(map.width(), map.height(), BufferedImage.TYPE_USHORT_GRAY);
        short[] values = ((DataBufferUShort) picture.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < values.length; i++) {
            float depth = map.depth(i % map.width(), i / map.width());
            values[i] = (short) (depth > 0 ? Math.min(65535, Math.round(STEPS / depth / scale)) : 0);
        }
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(picture, "png", stream)) {
                throw new IOException("this Java has no encoder for 16-bit PNG");
            }
        }
    }
}
