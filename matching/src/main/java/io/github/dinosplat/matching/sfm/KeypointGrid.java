package io.github.dinosplat.matching.sfm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The keypoints of one photo by their place. */
final class KeypointGrid {

    private final CorrespondenceGraph graph;
    private final double radius;
    private final Map<Long, List<Integer>> cells = new HashMap<>();

    /** A grid for neighbours up to a radius in pixels. */
    KeypointGrid(CorrespondenceGraph graph, int photo, double radius) {
        this.graph = graph;
        this.radius = radius;
        for (int k = graph.first[photo]; k < graph.first[photo + 1]; k++) {
            cells.computeIfAbsent(cell(graph.pixels[2 * k], graph.pixels[2 * k + 1], 0, 0), c -> new ArrayList<>())
                    .add(k);
        }
    }

    private long cell(double x, double y, int right, int down) {
        return ((long) Math.floor(x / radius) + right) << 32 ^ ((long) Math.floor(y / radius) + down) & 0xffffffffL;
    }

    /** The keypoint nearest to a place, of equally near ones the first; -1 where none is within the radius. */
    int nearest(double x, double y) {
        int nearest = -1;
        double least = radius * radius;
        for (int i = 0; i < 9; i++) {
            for (int k : cells.getOrDefault(cell(x, y, i % 3 - 1, i / 3 - 1), List.of())) {
                double dx = graph.pixels[2 * k] - x;
                double dy = graph.pixels[2 * k + 1] - y;
                double d = dx * dx + dy * dy;
                if (d < least || (d == least && k < nearest)) {
                    least = d;
                    nearest = k;
                }
            }
        }
        return nearest;
    }
}
