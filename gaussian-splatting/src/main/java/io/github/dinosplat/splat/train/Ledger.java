package io.github.dinosplat.splat.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a run keeps account of besides its state: the curve, the losses since its last point, and the time used. */
final class Ledger {

    private final List<CurvePoint> curve = new ArrayList<>();
    private int startCount;
    private double lossSum;
    private int lossCount;
    private long wallNanos;
    private long cpuNanos;

    /** The points of the curve so far. */
    List<CurvePoint> curve() {
        return curve;
    }

    int startCount() {
        return startCount;
    }

    void startsWith(int gaussians) {
        startCount = gaussians;
    }

    void addLoss(double loss) {
        lossSum += loss;
        lossCount++;
    }

    /** The mean loss since the last point of the curve. */
    double meanLoss() {
        return lossCount == 0 ? Double.NaN : lossSum / lossCount;
    }

    void addPoint(int iteration, int gaussians, double heldOutPsnr) {
        curve.add(new CurvePoint(iteration, gaussians, meanLoss(), heldOutPsnr));
        lossSum = 0;
        lossCount = 0;
    }

    void addTime(long wall, long cpu) {
        wallNanos += wall;
        cpuNanos += cpu;
    }

    double wallMillis() {
        return wallNanos / 1e6;
    }

    double cpuMillis() {
        return cpuNanos / 1e6;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(startCount);
        out.writeDouble(lossSum);
        out.writeInt(lossCount);
        out.writeLong(wallNanos);
        out.writeLong(cpuNanos);
        out.writeInt(curve.size());
        for (CurvePoint point : curve) {
            out.writeInt(point.iteration());
            out.writeInt(point.gaussians());
            out.writeDouble(point.loss());
            out.writeDouble(point.heldOutPsnr());
        }
    }

    static Ledger read(DataInputStream in, int mostPoints) throws IOException {
        Ledger ledger = new Ledger();
        ledger.startCount = in.readInt();
        ledger.lossSum = in.readDouble();
        ledger.lossCount = in.readInt();
        ledger.wallNanos = in.readLong();
        ledger.cpuNanos = in.readLong();
        int points = in.readInt();
        if (points < 0 || points > mostPoints) {
            throw new IllegalArgumentException("curve of " + points + " points");
        }
        for (int i = 0; i < points; i++) {
            ledger.curve.add(new CurvePoint(in.readInt(), in.readInt(), in.readDouble(), in.readDouble()));
        }
        return ledger;
    }
}
