package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.DepthMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoHeader;
import io.github.dinosplat.scene.PhotoSource;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Reads photos and writes pictures and depth maps.
 *
 * <p>Pictures come in the stored pixel grid (no EXIF orientation is applied) and with the stored sample values: an
 * embedded colour profile is not applied, so that a photo gives the same numbers on every Java version.
 */
public final class ImageFiles {

    private ImageFiles() {}

    /**
     * Reads a JPEG, PNG or TIFF picture as 8-bit RGB. Greyscale is repeated in all channels, an alpha channel becomes
     * {@link Image#alpha}, 16-bit samples are scaled, CMYK is converted without a profile.
     *
     * @param path file
     * @return the picture
     * @throws IOException if the file is missing, no picture, damaged, truncated or has more than
     *     {@link PhotoHeader#MAX_PIXELS}; the message names the file and says what to do
     */
    public static Image read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": there is no such file: check the name");
        }
        return ImageDecoder.decode(path, PhotoHeader.read(path));
    }

    /**
     * The pixels of the photos in a folder, by name relative to it.
     *
     * @param folder folder
     * @return source that reads from disk each time
     */
    public static PhotoSource source(Path folder) {
        return name -> {
            Path path = folder.resolve(name).normalize();
            if (!path.startsWith(folder.normalize())) {
                throw new IOException(path + ": lies outside of " + folder + ": correct the name " + name);
            }
            return read(path);
        };
    }

    /**
     * The pixels of photos, by name.
     *
     * @param photos photos
     * @return source that reads from disk each time
     */
    public static PhotoSource source(List<Photo> photos) {
        Map<String, Path> paths = new HashMap<>();
        photos.forEach(photo -> paths.put(photo.name(), photo.path()));
        return name -> {
            Path path = paths.get(name);
            if (path == null) {
                throw new IOException(
                        name + ": is not among the " + paths.size() + " photos: give the folder that has it");
            }
            return read(path);
        };
    }

    /**
     * Writes a picture as PNG, with alpha where it is cut out, atomically.
     *
     * @param image picture
     * @param path final name
     * @throws IOException if writing fails
     */
    public static void writePng(Image image, Path path) throws IOException {
        AtomicFiles.write(path, out -> encode(image, "png", out));
    }

    /**
     * Encodes a picture as PNG into a stream.
     *
     * @param image picture
     * @param out receives the file's bytes; stays open
     * @throws IOException if writing fails
     */
    public static void writePng(Image image, OutputStream out) throws IOException {
        encode(image, "png", out);
    }

    /**
     * Encodes a picture as JPEG of the encoder's standard quality into a stream, for reports.
     *
     * @param image picture
     * @param out receives the file's bytes; stays open
     * @throws IOException if writing fails
     */
    public static void writeJpeg(Image image, OutputStream out) throws IOException {
        encode(image, "jpeg", out);
    }

    /**
     * Encodes a picture as JPEG of a given quality into a stream.
     *
     * @param image picture
     * @param quality from 0 to 1; 0.95 leaves no trace that is easily seen
     * @param out receives the file's bytes; stays open
     * @throws IOException if writing fails
     */
    public static void writeJpeg(Image image, float quality, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(buffered(image, false), null, null), parameters);
        } finally {
            writer.dispose();
        }
    }

    /**
     * Writes a depth map as a float32 TIFF of one channel, atomically: depth in scene units, 0 where unknown. The
     * confidence is not written.
     *
     * @param depth depth map
     * @param path final name
     * @throws IOException if writing fails
     */
    public static void writeDepthTiff(DepthMap depth, Path path) throws IOException {
        AtomicFiles.write(path, out -> DepthTiff.write(depth, out));
    }

    /**
     * Reads a depth map from a float32 TIFF of one channel. Its confidence is 1 where the depth is known and 0 elsewhere.
     *
     * @param path file
     * @return depth map
     * @throws IOException if the file is missing, damaged or has other samples
     */
    public static DepthMap readDepthTiff(Path path) throws IOException {
        return DepthTiff.read(path);
    }

    private static void encode(Image image, String format, OutputStream out) throws IOException {
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            if (!ImageIO.write(buffered(image, format.equals("png")), format, stream)) {
                throw new IOException("this Java has no encoder for " + format);
            }
        }
    }

    private static BufferedImage buffered(Image image, boolean transparent) {
        boolean cutOut = transparent && image.alpha().isPresent();
        BufferedImage buffered = new BufferedImage(
                image.width(), image.height(), cutOut ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        byte[] rgb = image.rgb();
        byte[] alpha = image.alpha().orElse(new byte[0]);
        int[] row = new int[image.width()];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int i = 3 * (y * row.length + x);
                row[x] = ((rgb[i] & 0xff) << 16) | ((rgb[i + 1] & 0xff) << 8) | (rgb[i + 2] & 0xff);
                row[x] |= cutOut ? alpha[i / 3] << 24 : 0;
            }
            buffered.getRaster().setDataElements(0, y, row.length, 1, row);
        }
        return buffered;
    }
}
