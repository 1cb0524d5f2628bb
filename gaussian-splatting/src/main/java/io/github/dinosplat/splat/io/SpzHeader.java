package io.github.dinosplat.splat.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The head of an SPZ file, of which the versions share the first 16 bytes.
 *
 * @param version 2, 3 or 4
 * @param count splats
 * @param shDegree degree of the spherical harmonics in the file, 0 to 4
 * @param fractionalBits bits after the point of a position's fixed-point coordinates
 * @param mip whether the splats were trained with dimming, which SPZ calls antialiased
 * @param hasExtensions whether records of vendors are there
 * @param last the 16th byte: in version 4 the number of compressed streams
 */
record SpzHeader(
        int version, int count, int shDegree, int fractionalBits, boolean mip, boolean hasExtensions, int last) {

    static final int MAGIC = 0x5053474e;
    static final int BYTES = 16;
    static final int ANTIALIASED = 1;
    static final int HAS_EXTENSIONS = 2;

    /** Degrees above 3 are in the file format but not in ours. */
    static final int MAX_DEGREE = 4;

    /** Reads the first 16 bytes, little-endian, and checks them. */
    static SpzHeader read(Path file, ByteBuffer head) throws IOException {
        int magic = head.getInt(0);
        int version = head.getInt(4);
        if (magic != MAGIC) {
            throw new IOException(file + ": what was compressed is no SPZ; give a .spz of version 2 to 4");
        }
        if (version < 2 || version > 4) {
            throw new IOException(file + ": SPZ version " + Integer.toUnsignedString(version)
                    + " is not known here; save it as version 2, 3 or 4");
        }
        int count = SplatLimits.require(file, Integer.toUnsignedLong(head.getInt(8)));
        int degree = head.get(12) & 0xff;
        int fractionalBits = head.get(13) & 0xff;
        if (degree > MAX_DEGREE || fractionalBits > 23) {
            throw new IOException(file + ": SPZ with spherical harmonics of degree " + degree + " and " + fractionalBits
                    + " fractional bits; degrees 0 to 4 and 0 to 23 bits are legal: the file is damaged");
        }
        int flags = head.get(14);
        return new SpzHeader(
                version,
                count,
                degree,
                fractionalBits,
                (flags & ANTIALIASED) != 0,
                (flags & HAS_EXTENSIONS) != 0,
                head.get(15) & 0xff);
    }

    int rotationBytes() {
        return version == 2 ? 3 : 4;
    }

    /** Coefficients of each channel that follow the one of degree 0. */
    int shPerChannel() {
        return (shDegree + 1) * (shDegree + 1) - 1;
    }

    /** Bytes for one splat in each of the six arrays in file order: positions, alphas, colours, scales, rotations, SH. */
    int[] strides() {
        return new int[] {9, 1, 3, 3, rotationBytes(), 3 * shPerChannel()};
    }
}
