package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Turns a {@link Model} into a {@link Scene}: views by name, points in the order in which they were found. */
final class SceneBuilder {

    private SceneBuilder() {}

    static Scene build(Model model, List<String> names) {
        int[] indexOf = new int[model.pointSlots()];
        Arrays.fill(indexOf, -1);
        int count = 0;
        for (int p = 0; p < indexOf.length; p++) {
            if (model.isLive(p)) {
                indexOf[p] = count++;
            }
        }
        double[] positions = new double[3 * count];
        double[] errors = new double[count];
        for (int p = 0; p < indexOf.length; p++) {
            if (indexOf[p] >= 0) {
                put(model, p, indexOf[p], positions, errors);
            }
        }
        List<Camera> cameras = new ArrayList<>();
        List<View> views = new ArrayList<>();
        addViews(model, 0, names, indexOf, cameras, views);
        return new Scene(cameras, views, new ScenePoints(positions, grey(count), errors));
    }

    /**
     * A scene and what was added to it: views behind its views, cameras behind its cameras and, behind its points, those that
     * at least two added photos see.
     *
     * @param scene the scene, whose photos are the model's first and whose cameras are the model's first
     * @param model the model with the added photos
     * @param names name of each of the model's photos
     * @param slotOf the model's point for each of the scene's, or -1
     */
    static Scene extend(Scene scene, Model model, List<String> names, int[] slotOf) {
        int first = scene.views().size();
        int[] indexOf = new int[model.pointSlots()];
        Arrays.fill(indexOf, -1);
        for (int p = 0; p < slotOf.length; p++) {
            if (slotOf[p] >= 0) {
                indexOf[slotOf[p]] = p;
            }
        }
        int count = slotOf.length;
        for (int p = 0; p < indexOf.length; p++) {
            int seen = 0;
            for (int i = 0; i < model.trackLength(p); i++) {
                seen += model.graph.photoOf[model.trackKeypoint(p, i)] >= first ? 1 : 0;
            }
            if (indexOf[p] < 0 && seen >= 2) {
                indexOf[p] = count++;
            }
        }
        double[] positions = new double[3 * count];
        double[] errors = new double[count];
        for (int i = 0; i < 3 * slotOf.length; i++) {
            positions[i] = scene.points().coordinate(i / 3, i % 3);
        }
        for (int p = 0; p < indexOf.length; p++) {
            if (indexOf[p] >= slotOf.length) {
                put(model, p, indexOf[p], positions, errors);
            }
        }
        List<Camera> cameras = new ArrayList<>(scene.cameras());
        List<View> views = new ArrayList<>(scene.views());
        addViews(model, first, names, indexOf, cameras, views);
        return new Scene(cameras, views, new ScenePoints(positions, grey(count), errors));
    }

    private static void put(Model model, int point, int index, double[] positions, double[] errors) {
        for (int c = 0; c < 3; c++) {
            positions[3 * index + c] = model.coordinate(point, c);
        }
        for (int j = 0; j < model.trackLength(point); j++) {
            errors[index] += Math.sqrt(model.squaredError(model.trackKeypoint(point, j), point));
        }
        errors[index] /= model.trackLength(point);
    }

    private static byte[] grey(int points) {
        byte[] colours = new byte[3 * points];
        Arrays.fill(colours, (byte) 128);
        return colours;
    }

    /** Adds registered photos from a number on, by name, and such cameras of theirs as are not there yet. */
    private static void addViews(
            Model model, int from, List<String> names, int[] indexOf, List<Camera> cameras, List<View> views) {
        CorrespondenceGraph graph = model.graph;
        int[] cameraIndex = new int[model.cameras.length];
        int known = cameras.size();
        Arrays.setAll(cameraIndex, c -> c < known ? c : -1);
        List<Integer> photos = new ArrayList<>();
        for (int i = from; i < graph.photos; i++) {
            if (model.isRegistered(i)) {
                photos.add(i);
            }
        }
        photos.sort(Comparator.comparing(names::get));
        for (int photo : photos) {
            int c = model.cameraOf[photo];
            if (cameraIndex[c] < 0) {
                cameraIndex[c] = cameras.size();
                cameras.add(model.cameras[c]);
            }
            int start = graph.first[photo];
            int end = graph.first[photo + 1];
            int[] points = new int[end - start];
            Arrays.setAll(points, k -> model.pointOf[start + k] < 0 ? -1 : indexOf[model.pointOf[start + k]]);
            views.add(new View(
                    names.get(photo),
                    cameraIndex[c],
                    model.pose(photo),
                    Arrays.copyOfRange(graph.pixels, 2 * start, 2 * end),
                    points));
        }
    }
}
