package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.PhotoHeader;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import org.jspecify.annotations.Nullable;

/** Decodes picture files through ImageIO into the project's one pixel format. */
final class ImageDecoder {

    private ImageDecoder() {}

    static Image decode(Path path, PhotoHeader header) throws IOException {
        IOException failure = new IOException(path + ": this Java has no decoder for " + header.format());
        for (ImageReader reader : readers(header.format())) {
            try (FileImageInputStream in = new FileImageInputStream(path.toFile())) {
                reader.setInput(in, true, true);
                List<String> warnings = new ArrayList<>();
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                Image image = decode(reader, header.format());
                Optional<String> damage =
                        warnings.stream().filter(ImageDecoder::isDamage).findFirst();
                if (damage.isEmpty()) {
                    return image;
                }
                failure = new IOException(path + ": is truncated or damaged (" + damage.get() + "): copy it again");
            } catch (IOException | RuntimeException e) {
                // Decoders answer damaged files with many kinds of RuntimeException.
                failure = new IOException(
                        path + ": can't be decoded (" + e.getMessage() + "): export it again as JPEG or PNG", e);
            } finally {
                reader.dispose();
            }
        }
        throw failure;
    }

    /** The JDK's own decoder first, so that the same file gives the same pixels whatever else is on the class path. */
    private static List<ImageReader> readers(PhotoHeader.Format format) {
        List<ImageReader> readers = new ArrayList<>();
        Iterator<ImageReader> found =
                ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
        while (found.hasNext()) {
            ImageReader reader = found.next();
            readers.add(reader.getClass().getName().startsWith("com.sun.") ? 0 : readers.size(), reader);
        }
        return readers;
    }

    private static Image decode(ImageReader reader, PhotoHeader.Format format) throws IOException {
        try {
            if (isColour8(reader)) {
                return colours(reader);
            }
            BufferedImage image = reader.read(0);
            return image.getColorModel() instanceof IndexColorModel palette
                    ? fromPalette(image.getRaster(), palette)
                    : fromSamples(
                            image.getRaster(),
                            image.getColorModel().getNumColorComponents(),
                            image.getColorModel().hasAlpha(),
                            image.getType() == BufferedImage.TYPE_CUSTOM && image.isAlphaPremultiplied());
        } catch (IIOException e) {
            // The JDK's JPEG decoder does not turn CMYK into a picture, but hands out the samples.
            if (format != PhotoHeader.Format.JPEG || !reader.canReadRaster()) {
                throw e;
            }
            Raster raster = reader.readRaster(0, null);
            if (raster.getNumBands() != 4) {
                throw e;
            }
            return fromCmyk(raster, adobeTransform(reader));
        }
    }

    /**
     * libjpeg goes on after missing data with grey and a warning. Extra bytes, by contrast, do no harm and are common.
     */
    private static boolean isDamage(String warning) {
        String w = warning.toLowerCase(Locale.ROOT);
        return w.contains("premature") || w.contains("truncated") || w.contains("bad huffman");
    }

    private static Image fromPalette(Raster raster, IndexColorModel palette) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[3 * width * height];
        byte[] alpha = new byte[width * height];
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
            for (int x = 0; x < width; x++) {
                int i = 3 * (y * width + x);
                rgb[i] = (byte) palette.getRed(row[x]);
                rgb[i + 1] = (byte) palette.getGreen(row[x]);
                rgb[i + 2] = (byte) palette.getBlue(row[x]);
                alpha[i / 3] = (byte) palette.getAlpha(row[x]);
            }
        }
        return cutOut(new Image(width, height, rgb), alpha);
    }

    /** With alpha where not all of the picture is opaque. */
    private static Image cutOut(Image image, byte[] alpha) {
        for (byte value : alpha) {
            if (value != -1) {
                return image.withAlpha(alpha);
            }
        }
        return image;
    }

    /** Whether a decoder makes opaque colours of 8 bits, as of nearly all photos. */
    private static boolean isColour8(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        return types.hasNext() && types.next().getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR;
    }

    /** Decodes into our own order of bytes at once: by way of the JDK's BGR it takes two thirds longer. */
    private static Image colours(ImageReader reader) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        byte[] rgb = new byte[3 * width * height];
        WritableRaster raster = Raster.createInterleavedRaster(
                new DataBufferByte(rgb, rgb.length), width, height, 3 * width, 3, new int[] {0, 1, 2}, null);
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestination(new BufferedImage(model, raster, false, null));
        reader.read(0, param);
        return new Image(width, height, rgb);
    }

    private static Image fromSamples(Raster raster, int colours, boolean transparent, boolean premultiplied)
            throws IOException {
        SampleModel samples = raster.getSampleModel();
        int bits = samples.getSampleSize(0);
        boolean integer =
                samples.getDataType() != DataBuffer.TYPE_FLOAT && samples.getDataType() != DataBuffer.TYPE_DOUBLE;
        if (!integer || bits > 16 || (colours != 1 && colours != 3) || premultiplied) {
            throw new IOException("samples are " + colours + " colours of " + bits + " bits" + (integer ? "" : " float")
                    + (premultiplied ? ", premultiplied" : "") + ", expected 1 or 3 of at most 16 bits");
        }
        int most = (1 << bits) - 1;
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[3 * width * height];
        int bands = raster.getNumBands();
        byte[] alpha = new byte[transparent && bands == colours + 1 ? width * height : 0];
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * width + x) + c] = toByte(row[x * bands + (colours == 1 ? 0 : c)], most);
                }
                if (alpha.length > 0) {
                    alpha[y * width + x] = toByte(row[x * bands + colours], most);
                }
            }
        }
        return cutOut(new Image(width, height, rgb), alpha);
    }

    private static byte toByte(int value, int most) {
        return (byte) (most == 255 ? value : (value * 255 + most / 2) / most);
    }

    /** Adobe writes CMYK inverted (0 is full ink), as YCCK where its transform is 2. */
    private static Image fromCmyk(Raster raster, int transform) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[4 * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                double c = row[4 * x];
                double m = row[4 * x + 1];
                double k = row[4 * x + 3];
                double ye = row[4 * x + 2];
                if (transform == 2) {
                    double luma = c;
                    double cb = m - 128;
                    double cr = ye - 128;
                    c = luma + 1.402 * cr;
                    m = luma - 0.344136 * cb - 0.714136 * cr;
                    ye = luma + 1.772 * cb;
                }
                if (transform < 0) {
                    c = 255 - c;
                    m = 255 - m;
                    ye = 255 - ye;
                    k = 255 - k;
                }
                int i = 3 * (y * width + x);
                rgb[i] = ink(c, k);
                rgb[i + 1] = ink(m, k);
                rgb[i + 2] = ink(ye, k);
            }
        }
        return new Image(width, height, rgb);
    }

    private static byte ink(double value, double k) {
        return (byte) Math.round(Math.min(255, Math.max(0, value)) * k / 255);
    }

    /** The transform flag of the Adobe marker: 0 or 2, or -1 without a marker. */
    private static int adobeTransform(ImageReader reader) throws IOException {
        var metadata = reader.getImageMetadata(0);
        if (metadata == null) {
            return -1;
        }
        return find(metadata.getAsTree(metadata.getNativeMetadataFormatName()));
    }

    private static int find(org.w3c.dom.@Nullable Node node) {
        for (var n = node; n != null; n = n.getNextSibling()) {
            if (n.getNodeName().equals("app14Adobe")) {
                return Integer.parseInt(
                        n.getAttributes().getNamedItem("transform").getNodeValue());
            }
            int inner = find(n.getFirstChild());
            if (inner >= 0) {
                return inner;
            }
        }
        return -1;
    }
}
