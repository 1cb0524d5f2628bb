package io.github.dinosplat.depth;

import io.github.dinosplat.scene.Image;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.joml.Vector3d;

/** The points of a PLY file on their way there: on disk, because the head that comes before them has their number. */
final class PointRows implements AutoCloseable {

    private static final String HEAD = "ply\nformat binary_little_endian 1.0\nelement vertex %d\n"
            + "property float x\nproperty float y\nproperty float z\n"
            + "property float nx\nproperty float ny\nproperty float nz\n"
            + "property uchar red\nproperty uchar green\nproperty uchar blue\nend_header\n";

    private final Path spool;
    private final OutputStream out;
    private final ByteBuffer row = ByteBuffer.allocate(6 * 4 + 3).order(ByteOrder.LITTLE_ENDIAN);
    private long count;

    /** Rows for a file, beside which they are kept until they are closed. */
    PointRows(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no place for a file; name one");
        }
        Files.createDirectories(folder);
        spool = Files.createTempFile(folder, ".points", ".tmp");
        out = new BufferedOutputStream(Files.newOutputStream(spool), 1 << 16);
    }

    /** A point with the normal and the colour of a pixel. */
    void add(Vector3d point, float[] normals, Image colours, int pixel) throws IOException {
        row.clear();
        row.putFloat((float) point.x).putFloat((float) point.y).putFloat((float) point.z);
        for (int k = 0; k < 3; k++) {
            row.putFloat(normals[3 * pixel + k]);
        }
        for (int c = 0; c < 3; c++) {
            row.put((byte) colours.value(pixel % colours.width(), pixel / colours.width(), c));
        }
        out.write(row.array());
        count++;
    }

    long count() {
        return count;
    }

    /** Writes the head and all rows. */
    void writePly(OutputStream file) throws IOException {
        out.flush();
        file.write(HEAD.formatted(count).getBytes(StandardCharsets.US_ASCII));
        Files.copy(spool, file);
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(spool);
    }
}
