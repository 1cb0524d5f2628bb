package io.github.dinosplat.matching.robust;

import boofcv.alg.geo.f.EssentialNister5;
import boofcv.struct.geo.AssociatedPair;
import io.github.dinosplat.scene.Rigid3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ddogleg.struct.DogArray;
import org.ejml.data.DMatrixRMaj;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/** Essential matrices from viewing rays, by Nister's five-point algorithm. */
final class EssentialProblem extends EpipolarProblem {

    /** Rays that meet under less than this many pixels may lie at infinity: they count as before both cameras. */
    private static final double INFINITE_PIXELS = 2;

    private final double[] raysA;
    private final double[] raysB;
    /** Squared sine of the angle below which rays count as parallel. */
    private final double parallel;

    private final EssentialNister5 nister = new EssentialNister5();
    private final DogArray<DMatrixRMaj> solutions = new DogArray<>(() -> new DMatrixRMaj(3, 3));
    private final List<AssociatedPair> pairs = new ArrayList<>();

    /** Rays [n, 2] at depth 1 and focal lengths in pixels. */
    EssentialProblem(double[] raysA, double fxA, double fyA, double[] raysB, double fxB, double fyB) {
        super(raysA, 1 / fxA, 1 / fyA, raysB, 1 / fxB, 1 / fyB);
        this.raysA = raysA;
        this.raysB = raysB;
        double angle = INFINITE_PIXELS / Math.min(fxA, fxB);
        parallel = angle * angle;
        for (int i = 0; i < sampleSize(); i++) {
            pairs.add(new AssociatedPair());
        }
    }

    @Override
    public int sampleSize() {
        return 5;
    }

    @Override
    int minimal(int[] sample, double[] models) {
        for (int k = 0; k < sample.length; k++) {
            int i = sample[k];
            pairs.get(k).setTo(raysA[2 * i], raysA[2 * i + 1], raysB[2 * i], raysB[2 * i + 1]);
        }
        solutions.reset();
        if (!nister.processNormalized(pairs, solutions)) {
            return 0;
        }
        int count = Math.min(solutions.size, maxModels());
        for (int s = 0; s < count; s++) {
            System.arraycopy(solutions.get(s).data, 0, models, 9 * s, 9);
        }
        return count;
    }

    @Override
    boolean freeSingularValue() {
        return false;
    }

    @Override
    public void exclude(double[] models, int offset, double[] residuals, double limit) {
        int[] inliers = new int[residuals.length];
        int count = 0;
        for (int i = 0; i < residuals.length; i++) {
            if (residuals[i] < limit) {
                inliers[count++] = i;
            }
        }
        Rigid3 bFromA = pose(models, offset, inliers, count);
        double[] r = bFromA.rotationRowMajor();
        for (int k = 0; k < count; k++) {
            if (!inFront(r, bFromA.translation(), inliers[k])) {
                residuals[inliers[k]] = Double.POSITIVE_INFINITY;
            }
        }
    }

    /** Of the four poses of an essential matrix the one that has most of the given points before both cameras. */
    Rigid3 pose(double[] models, int offset, int[] inliers, int count) {
        Matrix3.Svd svd = Matrix3.svd(Arrays.copyOfRange(models, offset, offset + 9));
        double[] w = {0, -1, 0, 1, 0, 0, 0, 0, 1};
        double[] vt = Matrix3.transpose(svd.v());
        double[] r1 = Matrix3.multiply(Matrix3.multiply(svd.u(), w), vt);
        double[] r2 = Matrix3.multiply(Matrix3.multiply(svd.u(), Matrix3.transpose(w)), vt);
        Vector3d t = new Vector3d(svd.u()[2], svd.u()[5], svd.u()[8]);
        Vector3d back = t.negate(new Vector3d());
        double[] rotation = r1;
        Vector3d translation = t;
        int most = -1;
        for (int k = 0; k < 4; k++) {
            double[] candidate = k < 2 ? r1 : r2;
            Vector3d direction = (k & 1) == 0 ? t : back;
            int front = 0;
            for (int i = 0; i < count; i++) {
                front += inFront(candidate, direction, inliers[i]) ? 1 : 0;
            }
            if (front > most) {
                most = front;
                rotation = candidate;
                translation = direction;
            }
        }
        return Rigid3.of(rotation, translation);
    }

    private boolean inFront(double[] r, Vector3dc t, int i) {
        double ax = raysA[2 * i];
        double ay = raysA[2 * i + 1];
        double bx = raysB[2 * i];
        double by = raysB[2 * i + 1];
        // depthB * b = depthA * R a + t, in the least squares sense
        double rx = r[0] * ax + r[1] * ay + r[2];
        double ry = r[3] * ax + r[4] * ay + r[5];
        double rz = r[6] * ax + r[7] * ay + r[8];
        double rr = rx * rx + ry * ry + rz * rz;
        double bb = bx * bx + by * by + 1;
        double rb = rx * bx + ry * by + rz;
        if (rr * bb - rb * rb < parallel * rr * bb) {
            return rb > 0;
        }
        double rt = rx * t.x() + ry * t.y() + rz * t.z();
        double bt = bx * t.x() + by * t.y() + t.z();
        // Both depths, times a determinant that is positive.
        return rb * bt - bb * rt > 0 && rr * bt - rb * rt > 0;
    }
}
