package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.PhotoHeader;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/** Depth maps as TIFF 6.0: little-endian, one uncompressed strip, one 32-bit IEEE float sample a pixel. */
final class DepthTiff {

    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ENTRIES = 10;
    private static final int DATA_OFFSET = 8 + 2 + 12 * ENTRIES + 4;

    private DepthTiff() {}

    static void write(DepthMap map, OutputStream out) throws IOException {
        int bytes = Math.multiplyExact(4, Math.multiplyExact(map.width(), map.height()));
        ByteBuffer head = ByteBuffer.allocate(DATA_OFFSET).order(ByteOrder.LITTLE_ENDIAN);
        head.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8).putShort((short) ENTRIES);
        entry(head, 256, LONG, map.width());
        entry(head, 257, LONG, map.height());
        entry(head, 258, SHORT, 32);
        entry(head, 259, SHORT, 1);
        entry(head, 262, SHORT, 1);
        entry(head, 273, LONG, DATA_OFFSET);
        entry(head, 277, SHORT, 1);
        entry(head, 278, LONG, map.height());
        entry(head, 279, LONG, bytes);
        entry(head, 339, SHORT, 3);
        head.putInt(0);
        out.write(head.array());
        ByteBuffer row = ByteBuffer.allocate(4 * map.width()).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < map.height(); y++) {
            row.clear();
            for (int x = 0; x < map.width(); x++) {
                row.putFloat(map.depth(x, y));
            }
            out.write(row.array());
        }
    }

    private static void entry(ByteBuffer head, int tag, int type, int value) {
        head.putShort((short) tag).putShort((short) type).putInt(1).putInt(value);
    }

    /** Plug-ins come first in ImageIO's order, and one of them (TwelveMonkeys 3.14) cuts float samples to 0..1. */
    private static ImageReader javasOwnReader() throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("tiff");
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (reader.getClass().getModule() == ImageIO.class.getModule()) {
                return reader;
            }
            reader.dispose();
        }
        throw new IOException("this Java has no TIFF reader of its own; use a JDK with the module java.desktop");
    }

    static DepthMap read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file: run the depth stage first");
        }
        PhotoHeader header = PhotoHeader.read(path);
        if (header.format() != PhotoHeader.Format.TIFF) {
            throw new IOException(path + ": is a " + header.format() + ", expected a float32 TIFF");
        }
        ImageReader reader = javasOwnReader();
        try (FileImageInputStream in = new FileImageInputStream(path.toFile())) {
            reader.setInput(in, true, true);
            Raster raster = reader.read(0).getRaster();
            if (raster.getNumBands() != 1 || raster.getDataBuffer().getDataType() != DataBuffer.TYPE_FLOAT) {
                throw new IOException("it has " + raster.getNumBands() + " channels of type "
                        + raster.getDataBuffer().getDataType() + ", expected one of float32");
            }
            float[] depth = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (float[]) null);
            float[] confidence = new float[depth.length];
            for (int i = 0; i < depth.length; i++) {
                confidence[i] = depth[i] > 0 ? 1 : 0;
            }
            return new DepthMap(raster.getWidth(), raster.getHeight(), depth, confidence);
        } catch (IOException | RuntimeException e) {
            throw new IOException(path + ": is not a depth map (" + e.getMessage() + "): run the depth stage again", e);
        } finally {
            reader.dispose();
        }
    }
}
