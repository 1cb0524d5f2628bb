package io.github.dinosplat.splat.io;

import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.splat.Gaussians;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Splats in the layout of the 3D Gaussian splatting paper's code (Kerbl et al. 2023), which every viewer and trainer
 * reads: a PLY with one {@code vertex} of 32-bit floats for each Gaussian: x y z, nx ny nz (zero), f_dc_0..2, f_rest_0..
 * (channel-major: all red coefficients, then green, then blue), opacity (logit), scale_0..2 (logarithms), rot_0..3 (w, x,
 * y, z, not necessarily of length one), in the world frame of the scene.
 */
public final class PlyFiles {

    private static final int ROWS_AT_ONCE = 1024;

    private PlyFiles() {}

    /**
     * Reads splats. Properties are found by name, in any order and of any number format; others than the splats' are
     * ignored. Little-endian, big-endian and text files are understood. A splat with a value that is no number, as
     * trainers leave one now and then, is left out with a warning; where more than a hundredth are such, the file is refused.
     *
     * @param file a 3DGS .ply of degree 0 to 3
     * @return the splats
     * @throws IOException if the file can't be read, is no such file, lacks a property, does not have the size its count
     *     asks for, or holds many values that are no numbers; the message names the file and what to do
     */
    public static Gaussians read(Path file) throws IOException {
        return PlyReader.read(file).gaussians();
    }

    /**
     * Writes splats, all of it or nothing: an existing file is replaced only by a complete one. The same splats give the
     * same bytes.
     *
     * @param gaussians splats; f_rest has as many coefficients as their degree asks for
     * @param file where to write
     * @throws IOException if the file can't be written
     */
    public static void write(Gaussians gaussians, Path file) throws IOException {
        AtomicFiles.write(file, out -> write(gaussians, out));
    }

    /**
     * Writes splats to a stream, which is left open.
     *
     * @param gaussians splats
     * @param out receives the file's bytes
     * @throws IOException if the stream can't be written
     */
    public static void write(Gaussians gaussians, OutputStream out) throws IOException {
        write(new StoredSplats(gaussians, false), out);
    }

    static void write(StoredSplats splats, OutputStream out) throws IOException {
        Gaussians gaussians = splats.gaussians();
        int perChannel = (gaussians.shDegree() + 1) * (gaussians.shDegree() + 1) - 1;
        out.write(header(gaussians.count(), 3 * perChannel, splats.mip()).getBytes(StandardCharsets.US_ASCII));
        int rowBytes = 4 * (17 + 3 * perChannel);
        ByteBuffer rows = ByteBuffer.allocate(ROWS_AT_ONCE * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < gaussians.count(); i++) {
            putRow(gaussians, i, perChannel, rows);
            if (!rows.hasRemaining() || i == gaussians.count() - 1) {
                out.write(rows.array(), 0, rows.position());
                rows.clear();
            }
        }
    }

    private static String header(int count, int rest, boolean mip) {
        StringBuilder head = new StringBuilder("ply\nformat binary_little_endian 1.0\n");
        head.append(mip ? "comment " + PlyHeader.MIP + "\n" : "").append("element vertex ");
        head.append(count).append('\n');
        for (String name : new String[] {"x", "y", "z", "nx", "ny", "nz", "f_dc_0", "f_dc_1", "f_dc_2"}) {
            head.append("property float ").append(name).append('\n');
        }
        for (int i = 0; i < rest; i++) {
            head.append("property float f_rest_").append(i).append('\n');
        }
        String[] last = {"opacity", "scale_0", "scale_1", "scale_2", "rot_0", "rot_1", "rot_2", "rot_3"};
        for (String name : last) {
            head.append("property float ").append(name).append('\n');
        }
        return head.append("end_header\n").toString();
    }

    private static void putRow(Gaussians g, int i, int perChannel, ByteBuffer row) {
        for (int k = 0; k < 3; k++) {
            row.putFloat(g.means()[3 * i + k]);
        }
        for (int k = 0; k < 3; k++) {
            row.putFloat(0);
        }
        int sh = 3 * Gaussians.SH_COEFFICIENTS * i;
        for (int c = 0; c < 3; c++) {
            row.putFloat(g.sh()[sh + c]);
        }
        for (int c = 0; c < 3; c++) {
            for (int k = 1; k <= perChannel; k++) {
                row.putFloat(g.sh()[sh + 3 * k + c]);
            }
        }
        row.putFloat(g.logitOpacities()[i]);
        for (int k = 0; k < 3; k++) {
            row.putFloat(g.logScales()[3 * i + k]);
        }
        for (int k = 0; k < 4; k++) {
            row.putFloat(g.quaternions()[4 * i + k]);
        }
    }
}
