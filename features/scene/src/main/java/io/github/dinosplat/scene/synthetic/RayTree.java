package io.github.dinosplat.scene.synthetic;

/**
 * A bounding volume hierarchy over the triangles of a mesh, split at the median of the longest axis, that finds the first
 * triangle on a ray. Immutable once built; a {@link Ray} belongs to one thread.
 *
 * <p>Source: Möller and Trumbore 1997, "Fast, Minimum Storage Ray/Triangle Intersection".
 */
final class RayTree {

    private static final int LEAF_TRIANGLES = 4;
    private static final int STACK = 64;

    /** A ray and, after a search, what it hit first. */
    static final class Ray {
        double ox;
        double oy;
        double oz;
        double dx;
        double dy;
        double dz;
        /** Distance of the hit in lengths of the direction; before a search, the greatest one of interest. */
        double distance;
        /** The triangle that was hit, or -1. */
        int triangle;
        /** Barycentric weights of the triangle's second and third corner. */
        double second;

        double third;
        private final int[] stack = new int[STACK];
        private final double[] entries = new double[STACK];

        void set(double x, double y, double z, double vx, double vy, double vz, double greatest) {
            ox = x;
            oy = y;
            oz = z;
            dx = vx;
            dy = vy;
            dz = vz;
            distance = greatest;
            triangle = -1;
        }
    }

    private final int[] order;
    /** First corner and the two edges from it, nine numbers a triangle, in the order of the leaves. */
    private final double[] triangles;
    /** Lower and upper corner, six numbers a node. */
    private final double[] bounds;
    /** Of an inner node the index of its second child (the first follows it); of a leaf its first triangle. */
    private final int[] link;
    /** Number of triangles of a leaf, 0 for an inner node. */
    private final int[] count;

    private int nodes;

    RayTree(Mesh mesh) {
        int n = mesh.triangleCount;
        order = new int[n];
        double[] centres = new double[3 * n];
        for (int t = 0; t < n; t++) {
            order[t] = t;
            for (int axis = 0; axis < 3; axis++) {
                for (int k = 0; k < 3; k++) {
                    centres[3 * t + axis] += mesh.positions[3 * mesh.corners[3 * t + k] + axis];
                }
            }
        }
        int most = Math.max(1, 2 * n);
        bounds = new double[6 * most];
        link = new int[most];
        count = new int[most];
        build(mesh, centres, 0, n);
        triangles = new double[9 * n];
        for (int i = 0; i < n; i++) {
            for (int axis = 0; axis < 3; axis++) {
                double a = mesh.positions[3 * mesh.corners[3 * order[i]] + axis];
                triangles[9 * i + axis] = a;
                triangles[9 * i + 3 + axis] = mesh.positions[3 * mesh.corners[3 * order[i] + 1] + axis] - a;
                triangles[9 * i + 6 + axis] = mesh.positions[3 * mesh.corners[3 * order[i] + 2] + axis] - a;
            }
        }
    }

    private int build(Mesh mesh, double[] centres, int from, int to) {
        int node = nodes++;
        int b = 6 * node;
        double[] low = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
        double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE};
        for (int axis = 0; axis < 3; axis++) {
            bounds[b + axis] = Double.MAX_VALUE;
            bounds[b + 3 + axis] = -Double.MAX_VALUE;
            for (int i = from; i < to; i++) {
                for (int k = 0; k < 3; k++) {
                    double x = mesh.positions[3 * mesh.corners[3 * order[i] + k] + axis];
                    bounds[b + axis] = Math.min(bounds[b + axis], x);
                    bounds[b + 3 + axis] = Math.max(bounds[b + 3 + axis], x);
                }
                low[axis] = Math.min(low[axis], centres[3 * order[i] + axis]);
                high[axis] = Math.max(high[axis], centres[3 * order[i] + axis]);
            }
        }
        if (to - from <= LEAF_TRIANGLES) {
            link[node] = from;
            count[node] = to - from;
            return node;
        }
        int axis = 0;
        for (int k = 1; k < 3; k++) {
            if (high[k] - low[k] > high[axis] - low[axis]) {
                axis = k;
            }
        }
        int middle = (from + to) / 2;
        select(centres, axis, from, to - 1, middle);
        build(mesh, centres, from, middle);
        link[node] = build(mesh, centres, middle, to);
        return node;
    }

    /** Moves the triangles so that those before {@code middle} have centres no greater than those from it on. */
    private void select(double[] centres, int axis, int from, int to, int middle) {
        int low = from;
        int high = to;
        while (low < high) {
            double pivot = centres[3 * order[(low + high) >>> 1] + axis];
            int i = low;
            int j = high;
            while (i <= j) {
                while (centres[3 * order[i] + axis] < pivot) {
                    i++;
                }
                while (centres[3 * order[j] + axis] > pivot) {
                    j--;
                }
                if (i <= j) {
                    int swap = order[i];
                    order[i++] = order[j];
                    order[j--] = swap;
                }
            }
            if (middle <= j) {
                high = j;
            } else if (middle >= i) {
                low = i;
            } else {
                return;
            }
        }
    }

    /** Finds the first hit before {@link Ray#distance}; both sides of a triangle count. */
    boolean hit(Ray ray) {
        double ix = 1 / ray.dx;
        double iy = 1 / ray.dy;
        double iz = 1 / ray.dz;
        int[] stack = ray.stack;
        double[] entries = ray.entries;
        int depth = 1;
        stack[0] = 0;
        entries[0] = entry(0, ray, ix, iy, iz);
        while (depth > 0) {
            int node = stack[--depth];
            if (!(entries[depth] < ray.distance)) {
                continue;
            }
            if (count[node] > 0) {
                for (int i = link[node]; i < link[node] + count[node]; i++) {
                    hitTriangle(i, ray);
                }
                continue;
            }
            int near = node + 1;
            int far = link[node];
            double nearEntry = entry(near, ray, ix, iy, iz);
            double farEntry = entry(far, ray, ix, iy, iz);
            if (farEntry < nearEntry) {
                int swap = near;
                near = far;
                far = swap;
                double swapEntry = nearEntry;
                nearEntry = farEntry;
                farEntry = swapEntry;
            }
            if (farEntry < ray.distance) {
                stack[depth] = far;
                entries[depth++] = farEntry;
            }
            if (nearEntry < ray.distance) {
                stack[depth] = near;
                entries[depth++] = nearEntry;
            }
        }
        return ray.triangle >= 0;
    }

    /** Where a ray enters a node's box; infinite where it misses. */
    private double entry(int node, Ray ray, double ix, double iy, double iz) {
        int b = 6 * node;
        double x0 = (bounds[b] - ray.ox) * ix;
        double x1 = (bounds[b + 3] - ray.ox) * ix;
        double y0 = (bounds[b + 1] - ray.oy) * iy;
        double y1 = (bounds[b + 4] - ray.oy) * iy;
        double z0 = (bounds[b + 2] - ray.oz) * iz;
        double z1 = (bounds[b + 5] - ray.oz) * iz;
        double in = Math.max(Math.max(Math.min(x0, x1), Math.min(y0, y1)), Math.max(Math.min(z0, z1), 0));
        double out = Math.min(Math.min(Math.max(x0, x1), Math.max(y0, y1)), Math.max(z0, z1));
        // A box of no thickness gives NaN for a ray within its plane: go in and let the triangles decide.
        return in > out * (1 + 1e-12) ? Double.POSITIVE_INFINITY : Double.isNaN(in) ? 0 : in;
    }

    private void hitTriangle(int i, Ray ray) {
        int o = 9 * i;
        double e1x = triangles[o + 3];
        double e1y = triangles[o + 4];
        double e1z = triangles[o + 5];
        double e2x = triangles[o + 6];
        double e2y = triangles[o + 7];
        double e2z = triangles[o + 8];
        double px = ray.dy * e2z - ray.dz * e2y;
        double py = ray.dz * e2x - ray.dx * e2z;
        double pz = ray.dx * e2y - ray.dy * e2x;
        double det = e1x * px + e1y * py + e1z * pz;
        if (det == 0) {
            return;
        }
        double inverse = 1 / det;
        double tx = ray.ox - triangles[o];
        double ty = ray.oy - triangles[o + 1];
        double tz = ray.oz - triangles[o + 2];
        double second = (tx * px + ty * py + tz * pz) * inverse;
        // A little beyond the edges, so that no ray slips between two triangles.
        if (!(second >= -1e-10 && second <= 1 + 1e-10)) {
            return;
        }
        double qx = ty * e1z - tz * e1y;
        double qy = tz * e1x - tx * e1z;
        double qz = tx * e1y - ty * e1x;
        double third = (ray.dx * qx + ray.dy * qy + ray.dz * qz) * inverse;
        if (!(third >= -1e-10 && second + third <= 1 + 1e-10)) {
            return;
        }
        double distance = (e2x * qx + e2y * qy + e2z * qz) * inverse;
        if (distance > 1e-9 && distance < ray.distance) {
            ray.distance = distance;
            ray.triangle = order[i];
            ray.second = second;
            ray.third = third;
        }
    }
}
