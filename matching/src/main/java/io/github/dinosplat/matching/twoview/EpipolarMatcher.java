package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.ByteProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.util.Arrays;
import org.joml.Vector3d;

/**
 * Matches keypoints with those near their epipolar line only. A band along the line holds about a hundredth of all keypoints,
 * so passing the ratio test among them says little: the descriptors of a match must also be close, and it must turn and grow as
 * the known matches do. Without these two conditions unrelated photos with 8000 keypoints gave 40 matches along arbitrary lines,
 * with them 6, at the price of 4 % of the true ones (fountain-P11).
 *
 * <p>All epipolar lines pass through the epipole, so a line is known by its angle there. The first photo's keypoints are sorted
 * by the angle of their lines and compared in chunks with the second photo's keypoints near the lines of the chunk: then
 * descriptors are compared by products of small matrices.
 */
final class EpipolarMatcher {

    /** Half width of the band, over the threshold. */
    private static final double BAND = 0.75;
    /** Greatest squared distance of two matching RootSIFT descriptors: a cosine of 0.92. */
    private static final int MAX_DISTANCE2 = (int) (0.16 * ByteDescriptors.UNIT);
    /** Keypoints of the first photo compared at once. */
    private static final int CHUNK = 128;

    private final ByteProduct product;
    private final MatchablePhoto a;
    private final MatchablePhoto b;
    private final double[] f;
    private final double band;
    private final KeypointMotion motion;

    private final int countA;
    private final int countB;
    /** Angle in [0, pi) of the epipolar line of each keypoint of the first photo. */
    private final double[] angleA;
    /** Angle of the line through the epipole and each keypoint of the second photo. */
    private final double[] angleB;
    /** How much the angle of a line may differ from {@code angleB} if its band is to hold the keypoint. */
    private final double[] reachB;

    /**
     * A matcher.
     *
     * @param product compares descriptors
     * @param motion of matches that agree with the geometry
     * @param f xB' F xA = 0 in pixels without distortion
     */
    EpipolarMatcher(
            ByteProduct product,
            MatchablePhoto a,
            MatchablePhoto b,
            KeypointMotion motion,
            double[] f,
            double thresholdPixels) {
        this.product = product;
        this.a = a;
        this.b = b;
        this.f = f;
        this.motion = motion;
        band = BAND * thresholdPixels;
        countA = a.keypoints().count();
        countB = b.keypoints().count();
        angleA = new double[countA];
        angleB = new double[countB];
        reachB = new double[countB];
        findAngles();
    }

    /**
     * Finds the angles of all lines. As homogeneous vectors, lines through the epipole are orthogonal to it, and the angle is
     * taken in the plane of such vectors: it is well behaved wherever the epipole lies, at infinity too. Coordinates are scaled
     * to be of the order of 1 first.
     */
    private void findAngles() {
        double cx = 0;
        double cy = 0;
        for (int j = 0; j < countB; j++) {
            cx += b.undistorted()[2 * j] / countB;
            cy += b.undistorted()[2 * j + 1] / countB;
        }
        double size = 1;
        for (int j = 0; j < countB; j++) {
            size = Math.max(size, Math.abs(b.undistorted()[2 * j] - cx));
            size = Math.max(size, Math.abs(b.undistorted()[2 * j + 1] - cy));
        }
        Vector3d epipole = epipole();
        epipole.set((epipole.x - cx * epipole.z) / size, (epipole.y - cy * epipole.z) / size, epipole.z)
                .normalize();
        Vector3d u = epipole.orthogonalizeUnit(new Vector3d(0.36, 0.48, 0.8), new Vector3d());
        Vector3d v = epipole.cross(u, new Vector3d());
        Vector3d line = new Vector3d();
        for (int i = 0; i < countA; i++) {
            line(i, line);
            line.set(line.x * size, line.y * size, line.x * cx + line.y * cy + line.z);
            angleA[i] = angle(line, u, v);
        }
        for (int j = 0; j < countB; j++) {
            line.set((b.undistorted()[2 * j] - cx) / size, (b.undistorted()[2 * j + 1] - cy) / size, 1);
            epipole.cross(line, line);
            angleB[j] = angle(line, u, v);
            reachB[j] = Math.asin(Math.min(1, band / size / line.length()));
        }
    }

    private Vector3d epipole() {
        Vector3d best = new Vector3d();
        for (int c = 0; c < 3; c++) {
            int d = (c + 1) % 3;
            Vector3d cross = new Vector3d(f[c], f[3 + c], f[6 + c]).cross(f[d], f[3 + d], f[6 + d]);
            if (cross.lengthSquared() > best.lengthSquared()) {
                best = cross;
            }
        }
        return best;
    }

    /** The epipolar line of a keypoint of the first photo. */
    private void line(int i, Vector3d out) {
        double x = a.undistorted()[2 * i];
        double y = a.undistorted()[2 * i + 1];
        out.set(f[0] * x + f[1] * y + f[2], f[3] * x + f[4] * y + f[5], f[6] * x + f[7] * y + f[8]);
    }

    private static double angle(Vector3d line, Vector3d u, Vector3d v) {
        double angle = Math.atan2(line.dot(v), line.dot(u));
        return angle < 0 ? angle + Math.PI : angle;
    }

    KeypointMatches match(double ratio) {
        NearestNeighbours inB = new NearestNeighbours(countA);
        NearestNeighbours inA = new NearestNeighbours(countB);
        long[] order = new long[countA];
        for (int i = 0; i < countA; i++) {
            // Angles to 3e-9 in the high bits, so that equal ones are in the order of the keypoints.
            order[i] = ((long) (angleA[i] / Math.PI * (1 << 30)) << 32) | i;
        }
        Arrays.sort(order);
        byte[] rows = new byte[CHUNK * Keypoints.DESCRIPTOR_SIZE];
        int[] chunk = new int[CHUNK];
        for (int from = 0; from < countA; from += CHUNK) {
            int n = Math.min(CHUNK, countA - from);
            for (int k = 0; k < n; k++) {
                chunk[k] = (int) order[from + k];
            }
            gather(a, chunk, n, rows);
            compare(chunk, n, rows, inB, inA);
        }
        return NearestNeighbours.mutual(inB, inA, ratio);
    }

    private void compare(int[] chunk, int n, byte[] rows, NearestNeighbours inB, NearestNeighbours inA) {
        double middle = 0.5 * (angleA[chunk[0]] + angleA[chunk[n - 1]]);
        double half = 0.5 * (angleA[chunk[n - 1]] - angleA[chunk[0]]) + 1e-8;
        int[] near = new int[countB];
        int m = 0;
        for (int j = 0; j < countB; j++) {
            double away = Math.abs(angleB[j] - middle);
            if (Math.min(away, Math.PI - away) <= half + reachB[j]) {
                near[m++] = j;
            }
        }
        if (m == 0) {
            return;
        }
        byte[] columns = new byte[m * Keypoints.DESCRIPTOR_SIZE];
        gather(b, near, m, columns);
        int[] products = new int[n * m];
        product.multiplyTransposed(rows, 0, n, columns, 0, m, Keypoints.DESCRIPTOR_SIZE, products);
        double[] x = new double[m];
        double[] y = new double[m];
        int[] lengths = new int[m];
        for (int c = 0; c < m; c++) {
            x[c] = b.undistorted()[2 * near[c]];
            y[c] = b.undistorted()[2 * near[c] + 1];
            lengths[c] = b.descriptors().squaredLengths()[near[c]];
        }
        double[] away = new double[m];
        Vector3d line = new Vector3d();
        for (int k = 0; k < n; k++) {
            line(chunk[k], line);
            line.div(Math.hypot(line.x, line.y));
            distances(line.x, line.y, line.z, x, y, away);
            int length = a.descriptors().squaredLengths()[chunk[k]];
            for (int c = 0; c < m; c++) {
                if (away[c] <= band) {
                    offer(chunk[k], near[c], length + lengths[c] - 2 * products[k * m + c], inB, inA);
                }
            }
        }
    }

    /** Distances of points from a line. Apart from all else, so that the compiler makes vector instructions of it. */
    private static void distances(double a, double b, double c, double[] x, double[] y, double[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.abs(a * x[i] + b * y[i] + c);
        }
    }

    private static void gather(MatchablePhoto photo, int[] index, int n, byte[] out) {
        int size = Keypoints.DESCRIPTOR_SIZE;
        for (int k = 0; k < n; k++) {
            System.arraycopy(photo.descriptors().bytes(), index[k] * size, out, k * size, size);
        }
    }

    private void offer(int i, int j, int distance2, NearestNeighbours inB, NearestNeighbours inA) {
        if (!(distance2 < inB.second[i] || distance2 < inA.second[j])) {
            return;
        }
        // One that turned otherwise is no match, but still says that the next best is not outstanding.
        boolean match = (distance2 < inB.best[i] || distance2 < inA.best[j])
                && distance2 <= MAX_DISTANCE2
                && motion.allows(a.keypoints(), i, b.keypoints(), j);
        inB.offer(i, match ? j : -1, distance2);
        inA.offer(j, match ? i : -1, distance2);
    }
}
