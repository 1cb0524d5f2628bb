package io.github.dinosplat.splat.train;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a run keeps account of besides its state: the curve, the losses since its last point, and the time used. */
final class Ledger {

    private static final int CURVE_POINT_BYTES = 24;

    private final List<CurvePoint> curve = new ArrayList<>();
    private final List<EngineSpan> spans = new ArrayList<>();
    private int startCount;
    private double lossSum;
    private int lossCount;
    private long wallNanos;
    private long cpuNanos;

    /** The points of the curve so far. */
    List<CurvePoint> curve() {
        return curve;
    }

    /** Which engine executed which iterations. */
    List<EngineSpan> spans() {
        return spans;
    }

    /** Counts an iteration for the engine that executed it. */
    void ranOn(String engine, String device, int iteration) {
        if (!spans.isEmpty()) {
            EngineSpan last = spans.get(spans.size() - 1);
            if (last.engine().equals(engine) && last.device().equals(device)) {
                spans.remove(spans.size() - 1);
            }
        }
        spans.add(new EngineSpan(engine, device, iteration));
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
        out.writeInt(spans.size());
        for (EngineSpan span : spans) {
            out.writeUTF(span.engine());
            out.writeUTF(span.device());
            out.writeInt(span.until());
        }
    }

    /** Bytes that the variable part takes in a file. */
    long variableBytes() {
        long bytes = (long) CURVE_POINT_BYTES * curve.size();
        for (EngineSpan span : spans) {
            bytes += 8 + utfBytes(span.engine()) + utfBytes(span.device());
        }
        return bytes;
    }

    private static long utfBytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c >= 1 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return bytes;
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
        int count = in.readInt();
        if (count < 0 || count > mostPoints) {
            throw new IllegalArgumentException(count + " stretches of engines");
        }
        for (int i = 0; i < count; i++) {
            ledger.spans.add(new EngineSpan(in.readUTF(), in.readUTF(), in.readInt()));
        }
        return ledger;
    }
}
