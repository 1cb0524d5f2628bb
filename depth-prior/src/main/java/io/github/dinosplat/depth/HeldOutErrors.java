package io.github.dinosplat.depth;

import java.util.Optional;

/** Sums of relative errors at held-out points. */
final class HeldOutErrors {

    private int count;
    private double head;
    private double constant;
    private double nearest;
    private double rgbPosition;
    private final Calibration calibration = new Calibration();

    void add(double truth, double headZ, double confidence, double constantZ, double nearestZ, double rgbZ) {
        count++;
        head += Math.abs(headZ - truth) / truth;
        calibration.add(confidence, Math.abs(headZ - truth) / truth);
        constant += Math.abs(constantZ - truth) / truth;
        nearest += Math.abs(nearestZ - truth) / truth;
        rgbPosition += Math.abs(rgbZ - truth) / truth;
    }

    void add(HeldOutErrors other) {
        count += other.count;
        head += other.head;
        calibration.add(other.calibration);
        constant += other.constant;
        nearest += other.nearest;
        rgbPosition += other.rgbPosition;
    }

    Optional<DepthResult.HeldOut> result() {
        return count == 0
                ? Optional.empty()
                : Optional.of(new DepthResult.HeldOut(
                        count,
                        head / count,
                        constant / count,
                        nearest / count,
                        rgbPosition / count,
                        calibration.bins()));
    }
}
