package io.github.dinosplat.splat.jvm;

/**
 * Layout of a projected Gaussian in a float array. The exponent of alpha is kept as
 * {@code XX dx^2 + XY dx dy + YY dy^2 + LOG}, an eighth of alpha's logarithm to base 2, which lies between -1 and 0 where
 * alpha counts; {@link BlendMath} raises it.
 */
final class Splat {

    static final int STRIDE = 12;

    static final int X = 0;
    static final int Y = 1;
    static final int XX = 2;
    static final int XY = 3;
    static final int YY = 4;
    static final int LOG = 5;
    static final int RED = 6;
    static final int GREEN = 7;
    static final int BLUE = 8;
    /** Half width and half height of the ellipse where alpha is 1/255, pixels. */
    static final int EX = 9;

    static final int EY = 10;
    /** What the depth plane accumulates: the depth, or what else the {@link Projection} measures. */
    static final int DEPTH = 11;

    private Splat() {}
}
