package io.github.dinosplat.depth;

import java.util.Arrays;

/**
 * For every node of a grid the few sparse points that are nearest along paths which avoid the picture's edges (Dijkstra's
 * algorithm with several labels a node). After the interpolation of Revaud et al. 2015 (EpicFlow, section 3).
 */
final class NearestPoints {

    final int neighbours;
    /** Point of each node and rank, [nodes, neighbours]; -1 where there are fewer. */
    final int[] label;
    /** Path cost in node steps over plain ground. */
    final float[] cost;

    private final int width;
    private final int height;
    private final int[] found;

    // Binary heap of path ends.
    private float[] heapCost = new float[1 << 16];
    private int[] heapNode = new int[1 << 16];
    private int[] heapLabel = new int[1 << 16];
    private int heapSize;

    private NearestPoints(int width, int height, int neighbours) {
        this.width = width;
        this.height = height;
        this.neighbours = neighbours;
        label = new int[width * height * neighbours];
        cost = new float[width * height * neighbours];
        found = new int[width * height];
        Arrays.fill(label, -1);
    }

    /**
     * Finds them.
     *
     * @param stepRight cost of the step from a node to its right neighbour, [height, width]
     * @param stepDown cost of the step to the node below
     * @param seedNode node of each point
     */
    static NearestPoints find(
            int width, int height, float[] stepRight, float[] stepDown, int[] seedNode, int neighbours) {
        NearestPoints p = new NearestPoints(width, height, neighbours);
        for (int i = 0; i < seedNode.length; i++) {
            p.push(0, seedNode[i], i);
        }
        while (p.heapSize > 0) {
            float c = p.heapCost[0];
            int node = p.heapNode[0];
            int seed = p.heapLabel[0];
            p.pop();
            if (!p.open(node, seed)) {
                continue;
            }
            int at = node * neighbours + p.found[node]++;
            p.label[at] = seed;
            p.cost[at] = c;
            p.spread(c, node, seed, stepRight, stepDown);
        }
        return p;
    }

    private void spread(float c, int node, int seed, float[] stepRight, float[] stepDown) {
        int x = node % width;
        int y = node / width;
        if (x > 0) {
            offer(c + stepRight[node - 1], node - 1, seed);
        }
        if (x < width - 1) {
            offer(c + stepRight[node], node + 1, seed);
        }
        if (y > 0) {
            offer(c + stepDown[node - width], node - width, seed);
        }
        if (y < height - 1) {
            offer(c + stepDown[node], node + width, seed);
        }
        // Diagonal steps cost the mean of their two ways around, shortened to the diagonal.
        for (int dy = -1; dy <= 1; dy += 2) {
            for (int dx = -1; dx <= 1; dx += 2) {
                if (x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height) {
                    int end = node + dy * width + dx;
                    int left = Math.min(0, dx);
                    int up = Math.min(0, dy) * width;
                    float around = stepRight[node + left]
                            + stepRight[node + dy * width + left]
                            + stepDown[node + up]
                            + stepDown[node + dx + up];
                    offer(c + around * (float) (Math.sqrt(2) / 4), end, seed);
                }
            }
        }
    }

    private void offer(float c, int node, int seed) {
        if (open(node, seed)) {
            push(c, node, seed);
        }
    }

    private boolean open(int node, int seed) {
        int n = found[node];
        if (n == neighbours) {
            return false;
        }
        for (int i = node * neighbours; i < node * neighbours + n; i++) {
            if (label[i] == seed) {
                return false;
            }
        }
        return true;
    }

    /** Ties go by node and label, so that the order does not depend on the history of the heap. */
    private boolean before(int a, float c, int node, int seed) {
        return heapCost[a] != c ? heapCost[a] < c : heapNode[a] != node ? heapNode[a] < node : heapLabel[a] < seed;
    }

    private void push(float c, int node, int seed) {
        if (heapSize == heapCost.length) {
            heapCost = Arrays.copyOf(heapCost, 2 * heapSize);
            heapNode = Arrays.copyOf(heapNode, 2 * heapSize);
            heapLabel = Arrays.copyOf(heapLabel, 2 * heapSize);
        }
        int i = heapSize++;
        while (i > 0 && !before((i - 1) / 2, c, node, seed)) {
            move((i - 1) / 2, i);
            i = (i - 1) / 2;
        }
        set(i, c, node, seed);
    }

    private void pop() {
        heapSize--;
        float c = heapCost[heapSize];
        int node = heapNode[heapSize];
        int seed = heapLabel[heapSize];
        int i = 0;
        while (2 * i + 1 < heapSize) {
            int child = 2 * i + 1;
            if (child + 1 < heapSize && before(child + 1, heapCost[child], heapNode[child], heapLabel[child])) {
                child++;
            }
            if (!before(child, c, node, seed)) {
                break;
            }
            move(child, i);
            i = child;
        }
        set(i, c, node, seed);
    }

    private void move(int from, int to) {
        set(to, heapCost[from], heapNode[from], heapLabel[from]);
    }

    private void set(int i, float c, int node, int seed) {
        heapCost[i] = c;
        heapNode[i] = node;
        heapLabel[i] = seed;
    }
}
