package io.github.dinosplat.matching.robust;

/** Fundamental matrices by the seven-point algorithm. */
final class FundamentalProblem extends EpipolarProblem {

    private final double[] a;
    private final double[] b;
    private final SevenPoint sevenPoint = new SevenPoint();

    /** Points [n, 2], moved and scaled to be of the order of 1, and the sizes of a pixel in their coordinates. */
    FundamentalProblem(double[] a, double pixelA, double[] b, double pixelB) {
        super(a, pixelA, pixelA, b, pixelB, pixelB);
        this.a = a;
        this.b = b;
    }

    @Override
    public int sampleSize() {
        return 7;
    }

    @Override
    int minimal(int[] sample, double[] models) {
        return sevenPoint.solve(a, b, sample, models);
    }

    @Override
    boolean freeSingularValue() {
        return true;
    }
}
