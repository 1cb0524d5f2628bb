package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.View;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.train.PhotoColours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;

/**
 * How the training photos were exposed, {@code splats.colours.json}: of each its name, quaternion (w, x, y, z) and translation of
 * the camera from the world, and the rows of its colour map [A | b].
 */
final class ColoursFile {

    private ColoursFile() {}

    /** Where the colours of a splat file lie, whether they are there or not. */
    static Path of(Path splats) {
        return splats.resolveSibling(Photo.stem(String.valueOf(splats.getFileName())) + ".colours.json");
    }

    /** Writes the colours beside a splat file; where nothing was learnt about them, those of an earlier one go. */
    static void write(PhotoColours colours, Path splats) throws IOException {
        if (colours.isIdentity()) {
            Files.deleteIfExists(of(splats));
            return;
        }
        ObjectNode node = Json.object();
        ArrayNode photos = node.putArray("photos");
        float[] maps = colours.maps();
        for (int i = 0; i < colours.photos().size(); i++) {
            View view = colours.photos().get(i);
            Rigid3 pose = view.camFromWorld();
            ObjectNode photo = photos.addObject().put("name", view.name());
            photo.putArray("rotation")
                    .add(pose.rotation().w())
                    .add(pose.rotation().x())
                    .add(pose.rotation().y())
                    .add(pose.rotation().z());
            photo.putArray("translation")
                    .add(pose.translation().x())
                    .add(pose.translation().y())
                    .add(pose.translation().z());
            ArrayNode map = photo.putArray("map");
            for (int k = 0; k < PhotoParameters.COLOUR_VALUES; k++) {
                map.add(maps[PhotoParameters.COLOUR_VALUES * i + k]);
            }
        }
        Json.write(node, of(splats));
    }

    /** The colours beside a splat file; such that change nothing where there are none. */
    static PhotoColours read(Path splats) throws IOException {
        Path file = of(splats);
        if (!Files.isRegularFile(file)) {
            return new PhotoColours(List.of(), new float[0]);
        }
        JsonNode photos = Json.read(file).path("photos");
        List<View> views = new ArrayList<>();
        float[] maps = new float[PhotoParameters.COLOUR_VALUES * photos.size()];
        for (JsonNode photo : photos) {
            double[] q = numbers(file, photo, "rotation", 4);
            double[] t = numbers(file, photo, "translation", 3);
            double[] map = numbers(file, photo, "map", PhotoParameters.COLOUR_VALUES);
            for (int k = 0; k < map.length; k++) {
                maps[PhotoParameters.COLOUR_VALUES * views.size() + k] = (float) map[k];
            }
            Rigid3 pose = new Rigid3(new Quaterniond(q[1], q[2], q[3], q[0]), new Vector3d(t[0], t[1], t[2]));
            views.add(new View(photo.path("name").asText(), 0, pose, new double[0], new int[0]));
        }
        return new PhotoColours(views, maps);
    }

    private static double[] numbers(Path file, JsonNode photo, String key, int count) throws IOException {
        double[] values = new double[photo.path(key).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = photo.path(key).path(i).asDouble(Double.NaN);
        }
        if (values.length != count || !Arrays.stream(values).allMatch(Double::isFinite)) {
            throw new IOException(
                    file + " is damaged: " + photo.path("name") + " has no " + count + " numbers as " + key);
        }
        return values;
    }
}
