package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import java.util.Arrays;

/** The arrays of an SPZ file, uncompressed, and the splats that they stand for. */
final class SpzSplats {

    /** Base colours are stored with room below black and above white. */
    static final double COLOUR_SCALE = 0.15;

    static final double SCALES_PER_NATURAL_LOG = 16;
    static final double LEAST_LOG_SCALE = -10;

    /** Steps of a rotation's component between 0 and the square root of one half, which none but the largest exceeds. */
    static final int ROTATION_STEPS = 511;

    private static final int ROTATION_BITS = 10;

    private final SpzHeader header;
    private final byte[][] arrays;

    /** Takes the six arrays in file order, each of the length that the head asks for. */
    SpzSplats(SpzHeader header, byte[][] arrays) {
        this.header = header;
        this.arrays = arrays;
    }

    Gaussians gaussians(AxisFlips flips) {
        Gaussians g = Gaussians.zeros(header.count(), Math.min(header.shDegree(), Gaussians.MAX_SH_DEGREE));
        byte[] alphas = arrays[1];
        byte[] colours = arrays[2];
        byte[] scales = arrays[3];
        for (int i = 0; i < header.count(); i++) {
            position(g, i);
            g.logitOpacities()[i] = SplatValues.logit((alphas[i] & 0xff) / 255.0);
            for (int k = 0; k < 3; k++) {
                double colour = (colours[3 * i + k] & 0xff) / 255.0;
                g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k] = (float) ((colour - 0.5) / COLOUR_SCALE);
                double scale = scales[3 * i + k] & 0xff;
                g.logScales()[3 * i + k] = (float) (scale / SCALES_PER_NATURAL_LOG + LEAST_LOG_SCALE);
            }
            if (header.version() == 2) {
                firstThree(g.quaternions(), i);
            } else {
                smallestThree(g.quaternions(), i);
            }
            harmonics(g, i);
        }
        flips.apply(g);
        return g;
    }

    /** 24-bit signed fixed-point numbers. */
    private void position(Gaussians g, int i) {
        byte[] bytes = arrays[0];
        double unit = 1.0 / (1 << header.fractionalBits());
        for (int k = 0; k < 3; k++) {
            int at = 9 * i + 3 * k;
            int fixed = bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] << 16;
            g.means()[3 * i + k] = (float) (fixed * unit);
        }
    }

    /** x, y, z in bytes; w is what is left to length one. */
    private void firstThree(float[] quaternions, int i) {
        double left = 1;
        for (int k = 0; k < 3; k++) {
            double value = (arrays[4][3 * i + k] & 0xff) / 127.5 - 1;
            quaternions[4 * i + 1 + k] = (float) value;
            left -= value * value;
        }
        quaternions[4 * i] = (float) Math.sqrt(Math.max(0, left));
    }

    /** All but the largest component, with a sign and nine bits each; the top two bits say which one that is. */
    private void smallestThree(float[] quaternions, int i) {
        byte[] bytes = arrays[4];
        int at = 4 * i;
        int packed =
                bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
        int largest = packed >>> 30;
        double left = 1;
        for (int k = 3; k >= 0; k--) {
            if (k != largest) {
                double value = Math.sqrt(0.5) * (packed & ROTATION_STEPS) / ROTATION_STEPS;
                value = (packed & ROTATION_STEPS + 1) != 0 ? -value : value;
                packed >>>= ROTATION_BITS;
                left -= value * value;
                quaternions[at + wxyz(k)] = (float) value;
            }
        }
        quaternions[at + wxyz(largest)] = (float) Math.sqrt(Math.max(0, left));
    }

    /** Files have x, y, z, w. */
    static int wxyz(int component) {
        return (component + 1) % 4;
    }

    private void harmonics(Gaussians g, int i) {
        int perChannel = header.shPerChannel();
        int kept = Math.min(perChannel, Gaussians.SH_COEFFICIENTS - 1);
        int from = 3 * perChannel * i;
        int to = 3 * Gaussians.SH_COEFFICIENTS * i + 3;
        for (int k = 0; k < 3 * kept; k++) {
            g.sh()[to + k] = ((arrays[5][from + k] & 0xff) - 128) / 128f;
        }
    }

    /** The arrays of some splats, as version 3 stores them. */
    static SpzSplats of(Gaussians g, int fractionalBits, AxisFlips flips) {
        SpzHeader header = new SpzHeader(3, g.count(), g.shDegree(), fractionalBits, false, false, 0);
        int[] strides = header.strides();
        byte[][] arrays = new byte[strides.length][];
        Arrays.setAll(arrays, a -> new byte[Math.multiplyExact(strides[a], g.count())]);
        SpzSplats packed = new SpzSplats(header, arrays);
        double[] q = new double[4];
        for (int i = 0; i < g.count(); i++) {
            packed.pack(g, i, flips, q);
        }
        return packed;
    }

    private void pack(Gaussians g, int i, AxisFlips flips, double[] q) {
        double unit = 1 << header.fractionalBits();
        for (int k = 0; k < 3; k++) {
            int fixed = (int) Math.round(flips.sign(k) * g.means()[3 * i + k] * unit);
            int at = 9 * i + 3 * k;
            arrays[0][at] = (byte) fixed;
            arrays[0][at + 1] = (byte) (fixed >> 8);
            arrays[0][at + 2] = (byte) (fixed >> 16);
            float coefficient = g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + k];
            arrays[2][3 * i + k] = SplatValues.unsignedByte(255 * (0.5 + COLOUR_SCALE * coefficient));
            double steps = SCALES_PER_NATURAL_LOG * (g.logScales()[3 * i + k] - LEAST_LOG_SCALE);
            arrays[3][3 * i + k] = SplatValues.unsignedByte(steps);
        }
        arrays[1][i] = SplatValues.unsignedByte(255 * SplatValues.opacity(g.logitOpacities()[i]));
        SplatValues.unit(g.quaternions(), i, q);
        packRotation(q, i, flips);
        for (int k = 0; k < 3 * header.shPerChannel(); k++) {
            int coefficient = 1 + k / 3;
            float value = flips.shSign(coefficient) * g.sh()[3 * Gaussians.SH_COEFFICIENTS * i + 3 + k];
            // Degree 1 to 5 bits and the others to 4, the zero among the levels: what readers expect, and it packs
            // well.
            int step = coefficient < 4 ? 8 : 16;
            double level = Math.rint(128 * value / step) * step + 128;
            arrays[5][3 * header.shPerChannel() * i + k] = SplatValues.unsignedByte(level);
        }
    }

    private void packRotation(double[] wxyz, int i, AxisFlips flips) {
        int largest = 0;
        for (int k = 1; k < 4; k++) {
            largest = Math.abs(wxyz[wxyz(k)]) > Math.abs(wxyz[wxyz(largest)]) ? k : largest;
        }
        int largestSign = wxyz[wxyz(largest)] * flips.quaternionSign(wxyz(largest)) < 0 ? -1 : 1;
        int packed = largest;
        for (int k = 0; k < 4; k++) {
            if (k != largest) {
                double value = wxyz[wxyz(k)] * flips.quaternionSign(wxyz(k)) * largestSign;
                int steps =
                        (int) Math.min(ROTATION_STEPS, Math.rint(ROTATION_STEPS * Math.abs(value) / Math.sqrt(0.5)));
                packed = packed << ROTATION_BITS | (value < 0 ? ROTATION_STEPS + 1 : 0) | steps;
            }
        }
        for (int b = 0; b < 4; b++) {
            arrays[4][4 * i + b] = (byte) (packed >> 8 * b);
        }
    }

    byte[][] arrays() {
        return arrays;
    }
}
