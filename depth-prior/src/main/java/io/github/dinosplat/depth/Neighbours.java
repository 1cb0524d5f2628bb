package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.joml.Vector3d;

/** Which photos can check another one's depth: those that see many of its points from another direction. */
final class Neighbours {

    /** Rays closer than this say little about depth. */
    private static final double MIN_ANGLE_DEGREES = 2;
    /** A neighbour shares at least so many points. */
    private static final int MIN_SHARED = 8;

    private final Scene scene;
    private final Vector3d[] centres;
    /** Views of point p: {@code views[start[p]]} to {@code views[start[p + 1] - 1]}. */
    private final int[] start;

    private final int[] views;

    Neighbours(Scene scene) {
        this.scene = scene;
        centres = scene.views().stream()
                .map(v -> v.camFromWorld().targetOriginInSource())
                .toArray(Vector3d[]::new);
        start = new int[scene.points().count() + 1];
        for (View view : scene.views()) {
            for (int k = 0; k < view.keypointCount(); k++) {
                if (view.pointIndex(k) >= 0) {
                    start[view.pointIndex(k) + 1]++;
                }
            }
        }
        for (int p = 0; p + 1 < start.length; p++) {
            start[p + 1] += start[p];
        }
        views = new int[start[start.length - 1]];
        int[] next = start.clone();
        for (int v = 0; v < centres.length; v++) {
            View view = scene.views().get(v);
            for (int k = 0; k < view.keypointCount(); k++) {
                if (view.pointIndex(k) >= 0) {
                    views[next[view.pointIndex(k)]++] = v;
                }
            }
        }
    }

    /** At most so many views, those that share most points first. */
    List<Integer> of(int v, int most) {
        int[] shared = new int[centres.length];
        double cosine = Math.cos(Math.toRadians(MIN_ANGLE_DEGREES));
        Vector3d own = new Vector3d();
        Vector3d other = new Vector3d();
        View view = scene.views().get(v);
        for (int k = 0; k < view.keypointCount(); k++) {
            int p = view.pointIndex(k);
            if (p < 0) {
                continue;
            }
            Vector3d position = scene.points().position(p);
            centres[v].sub(position, own);
            for (int i = start[p]; i < start[p + 1]; i++) {
                if (views[i] != v
                        && own.dot(centres[views[i]].sub(position, other)) < cosine * own.length() * other.length()) {
                    shared[views[i]]++;
                }
            }
        }
        List<Integer> best = new ArrayList<>();
        for (int i = 0; i < shared.length; i++) {
            if (shared[i] >= MIN_SHARED) {
                best.add(i);
            }
        }
        best.sort(Comparator.comparing(i -> -shared[i]));
        return List.copyOf(best.subList(0, Math.min(most, best.size())));
    }
}
