package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes feature maps as NumPy files. */
public final class FeatureFiles {

    private static final Pattern HEADER = Pattern.compile("'descr': *'<f2'.*'fortran_order': *False.*"
            + "'shape': *\\(([0-9]{1,8}), *([0-9]{1,6}), *([0-9]{1,6})\\)");

    private FeatureFiles() {}

    /**
     * Writes a map as {@code .npy}, atomically: float16, [rows, columns, channels], in C order. Values beyond 65504 become
     * infinite.
     *
     * @param map feature map
     * @param file final name
     * @throws IOException if writing fails
     */
    public static void writeNpy(FeatureMap map, Path file) throws IOException {
        AtomicFiles.write(file, out -> write(map, out));
    }

    /**
     * Reads a map that {@link #writeNpy} wrote, or another {@code .npy} of float16 with three axes in C order.
     *
     * @param file file
     * @param photoWidth width of the photo in pixels
     * @param photoHeight height of the photo in pixels
     * @return feature map
     * @throws IOException if it cannot be read or is something else; the message names the file
     */
    public static FeatureMap readNpy(Path file, int photoWidth, int photoHeight) throws IOException {
        long size = Files.size(file);
        if (size < 10 || size > Integer.MAX_VALUE - 8) {
            throw new IOException(file + ": is no feature map: its length of " + size + " bytes cannot be");
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = bytes.getShort(8) & 0xffff;
        if (bytes.get(0) != (byte) 0x93 || bytes.get(6) != 1 || 10 + header > size) {
            throw new IOException(file + ": is no feature map: it is not a NumPy file of version 1");
        }
        Matcher shape = HEADER.matcher(new String(bytes.array(), 10, header, StandardCharsets.US_ASCII));
        if (!shape.find()) {
            throw new IOException(file + ": is no feature map: expected float16 [rows, columns, channels] in C order");
        }
        long values = 1;
        for (int i = 1; i <= 3 && values <= size; i++) {
            values *= Integer.parseInt(shape.group(i));
        }
        if (values == 0 || 2 * values != size - 10 - header) {
            throw new IOException(file + ": is damaged: it announces " + values + " values but has "
                    + (size - 10 - header) + " bytes of them");
        }
        float[] all = new float[(int) values];
        bytes.position(10 + header);
        for (int i = 0; i < all.length; i++) {
            all[i] = HalfFloats.toFloat(bytes.getShort());
        }
        return new FeatureMap(
                Integer.parseInt(shape.group(1)),
                Integer.parseInt(shape.group(2)),
                Integer.parseInt(shape.group(3)),
                photoWidth,
                photoHeight,
                all);
    }

    private static void write(FeatureMap map, OutputStream out) throws IOException {
        String shape = "(" + map.rows() + ", " + map.columns() + ", " + map.channels() + ")";
        String header = "{'descr': '<f2', 'fortran_order': False, 'shape': " + shape + ", }";
        // The data begins at a multiple of 64 bytes: magic, version and length take 10, the header ends with a new
        // line.
        String padded = header + " ".repeat(Math.floorMod(-(10 + header.length() + 1), 64)) + "\n";
        ByteBuffer head = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        head.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        head.putShort((short) padded.length());
        out.write(head.array());
        out.write(padded.getBytes(StandardCharsets.US_ASCII));
        float[] patch = new float[map.channels()];
        ByteBuffer row = ByteBuffer.allocate(2 * patch.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int p = 0; p < map.rows() * map.columns(); p++) {
            map.copyPatch(p / map.columns(), p % map.columns(), patch);
            row.clear();
            for (float v : patch) {
                row.putShort(HalfFloats.toHalf(v));
            }
            out.write(row.array());
        }
    }
}
