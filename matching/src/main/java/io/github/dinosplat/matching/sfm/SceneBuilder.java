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
        CorrespondenceGraph graph = model.graph;
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
        byte[] colours = new byte[3 * count];
        Arrays.fill(colours, (byte) 128);
        for (int p = 0; p < indexOf.length; p++) {
            int i = indexOf[p];
            if (i >= 0) {
                for (int c = 0; c < 3; c++) {
                    positions[3 * i + c] = model.coordinate(p, c);
                }
                for (int j = 0; j < model.trackLength(p); j++) {
                    errors[i] += Math.sqrt(model.squaredError(model.trackKeypoint(p, j), p));
                }
                errors[i] /= model.trackLength(p);
            }
        }
        List<Integer> photos = new ArrayList<>();
        for (int i = 0; i < graph.photos; i++) {
            if (model.isRegistered(i)) {
                photos.add(i);
            }
        }
        photos.sort(Comparator.comparing(names::get));
        int[] cameraIndex = new int[model.cameras.length];
        Arrays.fill(cameraIndex, -1);
        List<Camera> cameras = new ArrayList<>();
        List<View> views = new ArrayList<>();
        for (int photo : photos) {
            int c = model.cameraOf[photo];
            if (cameraIndex[c] < 0) {
                cameraIndex[c] = cameras.size();
                cameras.add(model.cameras[c]);
            }
            int from = graph.first[photo];
            int to = graph.first[photo + 1];
            int[] points = new int[to - from];
            for (int k = from; k < to; k++) {
                points[k - from] = model.pointOf[k] < 0 ? -1 : indexOf[model.pointOf[k]];
            }
            views.add(new View(
                    names.get(photo),
                    cameraIndex[c],
                    model.pose(photo),
                    Arrays.copyOfRange(graph.pixels, 2 * from, 2 * to),
                    points));
        }
        return new Scene(cameras, views, new ScenePoints(positions, colours, errors));
    }
}
