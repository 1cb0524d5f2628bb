package io.github.dinosplat.matching.adjust;

import java.util.ArrayList;
import java.util.List;
import org.joml.Quaterniond;
import org.joml.Vector3d;
import org.joml.Vector3dc;

/**
 * What is known of the poses of a {@link BundleProblem} besides its pixels: where cameras stood and which way was up. A prior
 * that is off by one sigma weighs as much as a pixel; beyond a few sigmas it weighs next to nothing, because receivers and
 * gimbals are at times plainly wrong.
 */
final class PosePriors {

    /** In sigmas; as robust as the mapper is for pixels. */
    private static final RobustLoss LOSS = new RobustLoss(RobustLoss.Kind.CAUCHY, 2);

    /** Three residuals of a pose, each over its sigma, with derivatives by rotation and translation. */
    private abstract static class Prior {
        final double[] residual = new double[3];
        final double[] jacobian = new double[18];

        /** Fills in the residuals and their derivatives at a pose. */
        abstract void compute(Quaterniond rotation, Vector3d translation);

        /** Sets the three entries of a row's derivative by rotation or by translation. */
        final void put(int row, int from, double x, double y, double z) {
            jacobian[6 * row + from] = x;
            jacobian[6 * row + from + 1] = y;
            jacobian[6 * row + from + 2] = z;
        }
    }

    private static final class Position extends Prior {
        private final Vector3d centre;
        private final Vector3d sigma;

        Position(Vector3dc centre, Vector3dc sigma) {
            this.centre = new Vector3d(centre);
            this.sigma = new Vector3d(sigma);
        }

        @Override
        void compute(Quaterniond rotation, Vector3d t) {
            // c = -R't; turning by exp(w) on the left and shifting by d gives dc = -R'(d + t x w).
            for (int row = 0; row < 3; row++) {
                Vector3d axis = rotation.transform(new Vector3d().setComponent(row, 1 / sigma.get(row)));
                residual[row] = -axis.dot(t) - centre.get(row) / sigma.get(row);
                put(row, 3, -axis.x, -axis.y, -axis.z);
                Vector3d turned = axis.cross(t, new Vector3d());
                put(row, 0, -turned.x, -turned.y, -turned.z);
            }
        }
    }

    private static final class Up extends Prior {
        private final Vector3d upInCam;
        private final double sigma;

        Up(Vector3dc upInCam, double sigma) {
            this.upInCam = new Vector3d(upInCam).normalize();
            this.sigma = sigma;
        }

        @Override
        void compute(Quaterniond rotation, Vector3d t) {
            Vector3d up = rotation.transform(new Vector3d(0, 0, 1));
            for (int row = 0; row < 3; row++) {
                residual[row] = (up.get(row) - upInCam.get(row)) / sigma;
            }
            // d(w x up) by w.
            put(0, 0, 0, up.z / sigma, -up.y / sigma);
            put(1, 0, -up.z / sigma, 0, up.x / sigma);
            put(2, 0, up.y / sigma, -up.x / sigma, 0);
        }
    }

    private final List<List<Prior>> ofView = new ArrayList<>();

    PosePriors(int views) {
        for (int v = 0; v < views; v++) {
            ofView.add(List.of());
        }
    }

    void addPosition(int view, Vector3dc centre, Vector3dc sigma) {
        add(view, new Position(centre, sigma));
    }

    void addUp(int view, Vector3dc upInCam, double sigmaRad) {
        add(view, new Up(upInCam, sigmaRad));
    }

    private void add(int view, Prior prior) {
        List<Prior> all = new ArrayList<>(ofView.get(view));
        all.add(prior);
        ofView.set(view, all);
    }

    /** Half the sum of the losses at some poses. */
    double cost(double[] poses) {
        double sum = 0;
        for (int v = 0; v < ofView.size(); v++) {
            for (Prior prior : ofView.get(v)) {
                prior.compute(rotation(poses, v), translation(poses, v));
                sum += LOSS.value(squaredLength(prior.residual));
            }
        }
        return sum / 2;
    }

    /** Adds a view's priors to its block [6,6] (upper triangle) and right-hand side [6], for its free parameters. */
    void addTo(int view, double[] poses, int free, double[] block, double[] right) {
        for (Prior prior : ofView.get(view)) {
            prior.compute(rotation(poses, view), translation(poses, view));
            double weight = LOSS.weight(squaredLength(prior.residual));
            for (int row = 0; row < 3; row++) {
                for (int i = 0; i < 6; i++) {
                    double d = weight * ((free >> i & 1) == 0 ? 0 : prior.jacobian[6 * row + i]);
                    right[i] -= d * prior.residual[row];
                    for (int j = i; j < 6; j++) {
                        block[6 * i + j] += d * ((free >> j & 1) == 0 ? 0 : prior.jacobian[6 * row + j]);
                    }
                }
            }
        }
    }

    private static Quaterniond rotation(double[] poses, int view) {
        int i = 7 * view;
        return new Quaterniond(poses[i], poses[i + 1], poses[i + 2], poses[i + 3]);
    }

    private static Vector3d translation(double[] poses, int view) {
        int i = 7 * view;
        return new Vector3d(poses[i + 4], poses[i + 5], poses[i + 6]);
    }

    private static double squaredLength(double[] v) {
        return v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    }
}
