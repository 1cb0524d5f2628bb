package io.github.dinosplat.splat.jvm;

import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** What one thread can calculate at most: ten independent chains of fused multiply-adds that never leave registers. */
final class ArithmeticPeak {

    private static final VectorSpecies<Float> SPECIES = VectorTileBlender.SPECIES;
    private static final int ROUNDS = 1_000_000;

    private ArithmeticPeak() {}

    /** The best of several runs by the thread's CPU time, two operations each multiply-add. */
    static double gigaflops() {
        double best = 0;
        for (int run = 0; run < 40; run++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            float sum = chains(run);
            long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            best = Math.max(best, sum < 0 ? 0 : 20.0 * SPECIES.length() * ROUNDS / nanos);
        }
        return best;
    }

    private static float chains(float start) {
        FloatVector m = FloatVector.broadcast(SPECIES, 0.999f);
        FloatVector c = FloatVector.broadcast(SPECIES, 0.01f);
        FloatVector a0 = FloatVector.broadcast(SPECIES, start);
        FloatVector a1 = a0.add(1);
        FloatVector a2 = a0.add(2);
        FloatVector a3 = a0.add(3);
        FloatVector a4 = a0.add(4);
        FloatVector a5 = a0.add(5);
        FloatVector a6 = a0.add(6);
        FloatVector a7 = a0.add(7);
        FloatVector a8 = a0.add(8);
        FloatVector a9 = a0.add(9);
        for (int i = 0; i < ROUNDS; i++) {
            a0 = a0.fma(m, c);
            a1 = a1.fma(m, c);
            a2 = a2.fma(m, c);
            a3 = a3.fma(m, c);
            a4 = a4.fma(m, c);
            a5 = a5.fma(m, c);
            a6 = a6.fma(m, c);
            a7 = a7.fma(m, c);
            a8 = a8.fma(m, c);
            a9 = a9.fma(m, c);
        }
        return a0.add(a1)
                .add(a2)
                .add(a3)
                .add(a4)
                .add(a5)
                .add(a6)
                .add(a7)
                .add(a8)
                .add(a9)
                .lane(0);
    }
}
