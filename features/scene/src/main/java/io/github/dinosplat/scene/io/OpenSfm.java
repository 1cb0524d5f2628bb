package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.joml.AxisAngle4d;
import org.joml.Quaterniond;
import org.joml.Quaterniondc;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * OpenSfM's {@code reconstruction.json} (also OpenDroneMap's): cameras, shots with world-to-camera poses, points. Which
 * photo observes which point stands in a {@code tracks.csv} beside it. Source: OpenSfM's documentation, "Dataset structure"
 * and "Geometric models".
 */
public final class OpenSfm {

    /** The usual name of the file. */
    static final String NAME = "reconstruction.json";

    private OpenSfm() {}

    /**
     * Reads the reconstruction with most shots.
     *
     * @param file the JSON file; observations come from the file of the same name with {@code tracks} for {@code
     *     reconstruction} and {@code .csv} for {@code .json}, where it is there
     * @return cameras, views by name, and points, which without tracks nobody observes
     * @throws IOException if the file is missing or damaged or has a camera that has no counterpart here; the message names
     *     the file
     */
    public static Scene read(Path file) throws IOException {
        JsonNode root = JsonFile.read(file);
        JsonNode largest = root.path(0);
        for (JsonNode each : root) {
            largest = each.path("shots").size() > largest.path("shots").size() ? each : largest;
        }
        if (!root.isArray() || largest.path("shots").isEmpty()) {
            throw new IOException(file + ": is not a list of reconstructions with shots: give OpenSfM's " + NAME
                    + ", or a " + TransformsJson.NAME + ", which is no list");
        }
        try {
            return scene(file, largest);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage() + ": export it again", e);
        }
    }

    private static Scene scene(Path file, JsonNode json) throws IOException {
        List<Camera> cameras = new ArrayList<>();
        Map<String, Integer> cameraIndex = new HashMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> it = json.path("cameras").fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> entry = it.next();
            cameraIndex.put(entry.getKey(), cameras.size());
            cameras.add(OpenSfmCameras.read(entry.getKey(), entry.getValue()));
        }
        Map<String, Integer> pointIndex = new HashMap<>();
        ScenePoints points = points(json.path("points"), pointIndex);
        TreeMap<String, JsonNode> shots = new TreeMap<>();
        json.path("shots").fields().forEachRemaining(e -> shots.put(e.getKey(), e.getValue()));
        Map<String, Camera> cameraOf = new HashMap<>();
        Map<String, Integer> indexOf = new HashMap<>();
        for (Map.Entry<String, JsonNode> shot : shots.entrySet()) {
            Integer index = cameraIndex.get(shot.getValue().path("camera").asText());
            if (index == null) {
                throw new IllegalArgumentException("shot " + shot.getKey() + " has camera "
                        + shot.getValue().path("camera").asText("?") + ", which is not in the file");
            }
            cameraOf.put(shot.getKey(), cameras.get(index));
            indexOf.put(shot.getKey(), index);
        }
        OpenSfmTracks tracks = OpenSfmTracks.read(tracksBeside(file), cameraOf, pointIndex);
        List<View> views = new ArrayList<>();
        for (Map.Entry<String, JsonNode> shot : shots.entrySet()) {
            String name = shot.getKey();
            views.add(new View(
                    name,
                    indexOf.getOrDefault(name, 0),
                    pose(name, shot.getValue()),
                    tracks.keypoints(name),
                    tracks.points(name)));
        }
        return new Scene(cameras, views, points);
    }

    private static Rigid3 pose(String name, JsonNode shot) {
        Vector3d turn = vector(shot.path("rotation"), "rotation of shot " + name);
        Vector3d shift = vector(shot.path("translation"), "translation of shot " + name);
        double angle = turn.length();
        return new Rigid3(
                angle < 1e-300
                        ? new Quaterniond()
                        : new Quaterniond(new AxisAngle4d(angle, turn.x / angle, turn.y / angle, turn.z / angle)),
                shift);
    }

    private static Path tracksBeside(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(
                name.replace("reconstruction", "tracks").replaceFirst("\\.json$", "") + OpenSfmTracks.ENDING);
    }

    private static ScenePoints points(JsonNode json, Map<String, Integer> index) {
        int n = json.size();
        double[] positions = new double[3 * n];
        byte[] colours = new byte[3 * n];
        int i = 0;
        for (Iterator<Map.Entry<String, JsonNode>> it = json.fields(); it.hasNext(); i++) {
            Map.Entry<String, JsonNode> entry = it.next();
            Vector3d x = vector(entry.getValue().path("coordinates"), "coordinates of point " + entry.getKey());
            Vector3d rgb = vector(entry.getValue().path("color"), "color of point " + entry.getKey());
            for (int c = 0; c < 3; c++) {
                positions[3 * i + c] = x.get(c);
                colours[3 * i + c] = (byte) Math.round(Math.max(0, Math.min(255, rgb.get(c))));
            }
            index.put(entry.getKey(), i);
        }
        return new ScenePoints(positions, colours, new double[n]);
    }

    private static Vector3d vector(JsonNode node, String what) {
        return new Vector3d(
                JsonFile.number(node.path(0), what),
                JsonFile.number(node.path(1), what),
                JsonFile.number(node.path(2), what));
    }

    /**
     * Writes {@code reconstruction.json} and {@code tracks.csv}.
     *
     * @param scene scene
     * @param folder folder for the files; made where missing
     * @throws IOException if a camera's model has no counterpart in OpenSfM or writing fails
     */
    public static void write(Scene scene, Path folder) throws IOException {
        JsonNodeFactory make = JsonNodeFactory.instance;
        ObjectNode json = make.objectNode();
        ObjectNode cameras = json.putObject("cameras");
        for (int c = 0; c < scene.cameras().size(); c++) {
            cameras.set(cameraName(c), OpenSfmCameras.write(scene.cameras().get(c)));
        }
        ObjectNode shots = json.putObject("shots");
        for (View view : scene.views()) {
            Quaterniondc q = view.camFromWorld().rotation();
            AxisAngle4d turn = new AxisAngle4d().set(new Quaterniond(q).normalize());
            double angle = Math.IEEEremainder(turn.angle, 2 * Math.PI);
            Vector3dc t = view.camFromWorld().translation();
            ObjectNode shot = shots.putObject(view.name());
            shot.set("rotation", numbers(turn.x * angle, turn.y * angle, turn.z * angle));
            shot.set("translation", numbers(t.x(), t.y(), t.z()));
            shot.put("camera", cameraName(view.cameraIndex())).put("orientation", 1);
        }
        ObjectNode points = json.putObject("points");
        for (int p = 0; p < scene.points().count(); p++) {
            ObjectNode point = points.putObject(String.valueOf(p));
            ScenePoints all = scene.points();
            point.set("color", numbers(all.colour(p, 0), all.colour(p, 1), all.colour(p, 2)));
            point.set("coordinates", numbers(all.coordinate(p, 0), all.coordinate(p, 1), all.coordinate(p, 2)));
        }
        Files.createDirectories(folder);
        OpenSfmTracks.write(scene, folder.resolve("tracks" + OpenSfmTracks.ENDING));
        JsonFile.write(make.arrayNode().add(json), folder.resolve(NAME));
    }

    private static String cameraName(int index) {
        return "camera " + (index + 1);
    }

    private static ArrayNode numbers(double... values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (double value : values) {
            array.add(value);
        }
        return array;
    }
}
