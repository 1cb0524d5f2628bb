package io.github.dinosplat.depth;

import java.util.Optional;

/** Errors at held-out points. */
final class HeldOutErrors {

    private static final double DELTA1 = 1.25;

    private int count;
    private final Sum head = new Sum();
    private final Sum constant = new Sum();
    private final Sum nearest = new Sum();
    private final Sum rgbPosition = new Sum();
    private final Calibration calibration = new Calibration();

    /** Of one estimator. */
    private static final class Sum {
        private double relative;
        private int within;

        void add(double truth, double z) {
            relative += Math.abs(z - truth) / truth;
            within += Math.max(z / truth, truth / z) < DELTA1 ? 1 : 0;
        }

        void add(Sum other) {
            relative += other.relative;
            within += other.within;
        }

        DepthResult.Accuracy of(int count) {
            return new DepthResult.Accuracy(relative / count, (double) within / count);
        }
    }

    void add(double truth, double headZ, double expectedError, double constantZ, double nearestZ, double rgbZ) {
        count++;
        head.add(truth, headZ);
        calibration.add(expectedError, Math.abs(headZ - truth) / truth);
        constant.add(truth, constantZ);
        nearest.add(truth, nearestZ);
        rgbPosition.add(truth, rgbZ);
    }

    void add(HeldOutErrors other) {
        count += other.count;
        head.add(other.head);
        calibration.add(other.calibration);
        constant.add(other.constant);
        nearest.add(other.nearest);
        rgbPosition.add(other.rgbPosition);
    }

    Optional<DepthResult.HeldOut> result() {
        return count == 0
                ? Optional.empty()
                : Optional.of(new DepthResult.HeldOut(
                        count,
                        head.of(count),
                        constant.of(count),
                        nearest.of(count),
                        rgbPosition.of(count),
                        calibration.bins()));
    }
}
