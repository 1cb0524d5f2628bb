package io.github.dinosplat.matching.adjust;

import java.util.Arrays;

/**
 * Where everything of a {@link BundleProblem} stands in the linear system: unknowns of the free poses (six a view), then
 * the refined intrinsics; which observations a view has; and one slot for every pair of a point and a camera that sees it.
 */
final class Layout {

    /** Points handled by one task. Fixed: sums must not depend on the number of threads. */
    static final int POINT_CHUNK = 512;

    final BundleProblem problem;
    /** Offset of a view's six unknowns, or -1 where its pose is kept. */
    final int[] poseOffset;
    /** Offset of a camera's unknowns. */
    final int[] cameraOffset;

    final int poseUnknowns;
    final int unknowns;
    /** Most refined parameters of any camera. */
    final int maxRefined;
    /** Observations of view v: viewObservation[viewStart[v]] to viewObservation[viewStart[v + 1] - 1], ascending. */
    final int[] viewStart;

    final int[] viewObservation;
    final int[] observationPoint;
    /** Slots of point p: slotStart[p] to slotStart[p + 1]. */
    final int[] slotStart;

    final int[] slotCamera;
    final int[] observationSlot;

    Layout(BundleProblem problem) {
        this.problem = problem;
        int n = 0;
        poseOffset = new int[problem.viewCount];
        for (int v = 0; v < problem.viewCount; v++) {
            poseOffset[v] = problem.freePose[v] == 0 ? -1 : n;
            n += problem.freePose[v] == 0 ? 0 : 6;
        }
        poseUnknowns = n;
        cameraOffset = new int[problem.cameras.length];
        int most = 0;
        for (int c = 0; c < cameraOffset.length; c++) {
            cameraOffset[c] = n;
            n += problem.refined[c].length;
            most = Math.max(most, problem.refined[c].length);
        }
        unknowns = n;
        maxRefined = most;

        viewStart = new int[problem.viewCount + 1];
        for (int o = 0; o < problem.observationCount; o++) {
            viewStart[problem.observationView[o] + 1]++;
        }
        for (int v = 0; v < problem.viewCount; v++) {
            viewStart[v + 1] += viewStart[v];
        }
        viewObservation = new int[problem.observationCount];
        observationPoint = new int[problem.observationCount];
        observationSlot = new int[problem.observationCount];
        slotStart = new int[problem.pointCount + 1];
        int[] slots = new int[problem.observationCount];
        int slotCount = 0;
        int[] next = viewStart.clone();
        for (int p = 0; p < problem.pointCount; p++) {
            for (int o = problem.pointStart[p]; o < problem.pointStart[p + 1]; o++) {
                observationPoint[o] = p;
                viewObservation[next[problem.observationView[o]]++] = o;
                int camera = problem.viewCamera[problem.observationView[o]];
                int s = slotStart[p];
                while (s < slotCount && slots[s] != camera) {
                    s++;
                }
                if (s == slotCount) {
                    slots[slotCount++] = camera;
                }
                observationSlot[o] = s;
            }
            slotStart[p + 1] = slotCount;
        }
        slotCamera = Arrays.copyOf(slots, slotCount);
    }

    int intrinsicUnknowns() {
        return unknowns - poseUnknowns;
    }
}
