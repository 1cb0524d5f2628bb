package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.Rigid3;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.ScenePoints;
import io.github.dinosplat.scene.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The contents of a COLMAP model as its files number them, on the way to a {@link Scene}. */
final class ColmapRecords {

    private record Photo(String name, Rigid3 camFromWorld, long cameraId, double[] keypoints, long[] pointIds) {}

    private final SortedMap<Long, Camera> cameras = new TreeMap<>();
    private final SortedMap<Long, Photo> photos = new TreeMap<>();
    private long[] pointIds = new long[0];
    private double[] positions = new double[0];
    private byte[] colours = new byte[0];
    private double[] errors = new double[0];
    private int pointCount;

    void addCamera(long id, Camera camera) {
        if (cameras.put(id, camera) != null) {
            throw new IllegalArgumentException("camera " + id + " comes twice");
        }
    }

    void addPhoto(long id, String name, Rigid3 camFromWorld, long cameraId, double[] keypoints, long[] photoPointIds) {
        for (double value : keypoints) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("photo " + name + " has a keypoint at " + value);
            }
        }
        if (photos.put(id, new Photo(name, camFromWorld, cameraId, keypoints, photoPointIds)) != null) {
            throw new IllegalArgumentException("photo " + id + " comes twice");
        }
    }

    void addPoint(long id, double x, double y, double z, int red, int green, int blue, double error) {
        if (!Double.isFinite(x + y + z)) {
            throw new IllegalArgumentException("point " + id + " is at " + x + ", " + y + ", " + z);
        }
        if (pointCount == errors.length) {
            int more = Math.max(1024, pointCount + (pointCount >> 1));
            pointIds = Arrays.copyOf(pointIds, more);
            positions = Arrays.copyOf(positions, 3 * more);
            colours = Arrays.copyOf(colours, 3 * more);
            errors = Arrays.copyOf(errors, more);
        }
        pointIds[pointCount] = id;
        positions[3 * pointCount] = x;
        positions[3 * pointCount + 1] = y;
        positions[3 * pointCount + 2] = z;
        colours[3 * pointCount] = (byte) red;
        colours[3 * pointCount + 1] = (byte) green;
        colours[3 * pointCount + 2] = (byte) blue;
        errors[pointCount++] = error;
    }

    /** The scene in the order of the numbers, whatever the order in the files (COLMAP's is that of a hash table). */
    Scene toScene(Path folder) throws IOException {
        Map<Long, Integer> cameraIndex = new HashMap<>();
        for (Long id : cameras.keySet()) {
            cameraIndex.put(id, cameraIndex.size());
        }
        Map<Long, Integer> pointIndex = new HashMap<>(2 * pointCount);
        ScenePoints points = sortedPoints(folder, pointIndex);
        List<View> views = new ArrayList<>();
        for (Photo photo : photos.values()) {
            Integer camera = cameraIndex.get(photo.cameraId);
            if (camera == null) {
                throw new IOException(folder + ": photo " + photo.name + " has camera " + photo.cameraId
                        + ", which is not in the model: export the model again");
            }
            int[] indices = indices(photo, pointIndex, folder);
            views.add(new View(photo.name, camera, photo.camFromWorld, photo.keypoints, indices));
        }
        try {
            return new Scene(List.copyOf(cameras.values()), views, points);
        } catch (IllegalArgumentException e) {
            throw new IOException(folder + ": is not a sound model (" + e.getMessage() + "): export it again", e);
        }
    }

    /** The points in the order of their numbers; puts the place of each number into {@code indexOf}. */
    private ScenePoints sortedPoints(Path folder, Map<Long, Integer> indexOf) throws IOException {
        Integer[] order = new Integer[pointCount];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(pointIds[a], pointIds[b]));
        double[] sortedPositions = new double[3 * pointCount];
        byte[] sortedColours = new byte[3 * pointCount];
        double[] sortedErrors = new double[pointCount];
        for (int i = 0; i < pointCount; i++) {
            int from = order[i];
            if (indexOf.put(pointIds[from], i) != null) {
                throw new IOException(folder + ": point " + pointIds[from] + " comes twice: export the model again");
            }
            System.arraycopy(positions, 3 * from, sortedPositions, 3 * i, 3);
            System.arraycopy(colours, 3 * from, sortedColours, 3 * i, 3);
            sortedErrors[i] = errors[from];
        }
        return new ScenePoints(sortedPositions, sortedColours, sortedErrors);
    }

    /** For each of a photo's keypoints the place of its point, -1 where it has none. */
    private static int[] indices(Photo photo, Map<Long, Integer> pointIndex, Path folder) throws IOException {
        int[] indices = new int[photo.pointIds.length];
        for (int k = 0; k < indices.length; k++) {
            Integer index = photo.pointIds[k] == -1 ? Integer.valueOf(-1) : pointIndex.get(photo.pointIds[k]);
            if (index == null) {
                throw new IOException(folder + ": photo " + photo.name + " observes point " + photo.pointIds[k]
                        + ", which is not in the model: export the model again");
            }
            indices[k] = index;
        }
        return indices;
    }
}
