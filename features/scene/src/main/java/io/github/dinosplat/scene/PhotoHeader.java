package io.github.dinosplat.scene;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;

/**
 * The format and size of a photo file, read without decoding its pixels, after a check that the file is complete: a JPEG
 * must reach its end marker, a PNG its end chunk with all checksums right. Decoders fill the missing part of a truncated
 * photo with grey, which would pass unnoticed.
 *
 * @param format format of the file
 * @param width width of the stored pixel grid in pixels
 * @param height height of the stored pixel grid in pixels
 */
public record PhotoHeader(Format format, int width, int height) {

    /** More pixels than any camera takes; a picture's bytes and its decoder's copy of them stay below 1.2 GiB. */
    public static final long MAX_PIXELS = 200_000_000;

    /** The file formats that the project reads. */
    public enum Format {
        /** JPEG, baseline or progressive. */
        JPEG,
        /** PNG. */
        PNG,
        /** TIFF with integer samples. */
        TIFF
    }

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if the size is not positive
     */
    public PhotoHeader {
        if (width <= 0 || height <= 0) {
            throw new IllegalArgumentException("picture size must be positive but was " + width + "x" + height);
        }
    }

    /**
     * Reads the header of a photo and checks that the file is complete.
     *
     * @param path JPEG, PNG or TIFF file, told by its content
     * @return format and size
     * @throws IOException if the file can't be read, is none of these, is truncated or has more than
     *     {@link #MAX_PIXELS}; the message names the file and says what to do
     */
    public static PhotoHeader read(Path path) throws IOException {
        byte[] start;
        try (var in = Files.newInputStream(path)) {
            start = in.readNBytes(8);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        if (start.length == 0) {
            throw new IOException(path + ": is empty: copy it again or remove it");
        }
        PhotoHeader header;
        if (start.length > 2 && (start[0] & 0xff) == 0xff && (start[1] & 0xff) == 0xd8) {
            header = jpeg(path);
        } else if (start.length == 8 && ByteBuffer.wrap(start).getLong() == 0x89504e470d0a1a0aL) {
            header = png(path);
        } else if (start.length >= 4
                && ((start[0] == 'I' && start[1] == 'I' && start[2] == 42)
                        || (start[0] == 'M' && start[1] == 'M' && start[3] == 42))) {
            header = tiff(path);
        } else {
            throw new IOException(path + ": is not a JPEG, PNG or TIFF picture: convert or remove it");
        }
        if ((long) header.width * header.height > MAX_PIXELS) {
            throw new IOException(path + ": is " + header.width + "x" + header.height + ", more than " + MAX_PIXELS
                    + " pixels: cut it into tiles or shrink it");
        }
        return header;
    }

    private static PhotoHeader jpeg(Path path) throws IOException {
        byte[] data = Files.readAllBytes(path);
        int width = 0;
        int height = 0;
        boolean scanSeen = false;
        int i = 2;
        while (i + 1 < data.length) {
            if ((data[i] & 0xff) != 0xff) {
                if (!scanSeen) {
                    throw new IOException(
                            path + ": is not a valid JPEG (no marker at byte " + i + "): export it again");
                }
                i++;
                continue;
            }
            int marker = data[i + 1] & 0xff;
            if (marker == 0xff) {
                i++;
                continue;
            }
            if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
                i += 2;
                continue;
            }
            if (marker == 0xd9) {
                if (!scanSeen || width == 0 || height == 0) {
                    break;
                }
                return new PhotoHeader(Format.JPEG, width, height);
            }
            if (i + 3 >= data.length) {
                break;
            }
            int length = unsignedShort(data, i + 2);
            boolean frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (frame && i + 8 < data.length) {
                height = unsignedShort(data, i + 5);
                width = unsignedShort(data, i + 7);
            }
            scanSeen |= marker == 0xda;
            i += 2 + Math.max(2, length);
        }
        throw truncated(path, "JPEG without its end marker");
    }

    private static PhotoHeader png(Path path) throws IOException {
        byte[] data = Files.readAllBytes(path);
        ByteBuffer buffer = ByteBuffer.wrap(data);
        int width = 0;
        int height = 0;
        int i = 8;
        while (i + 12L <= data.length) {
            int length = buffer.getInt(i);
            if (length < 0 || i + 12L + length > data.length) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(data, i + 4, length + 4);
            if ((int) crc.getValue() != buffer.getInt(i + 8 + length)) {
                throw new IOException(path + ": is damaged (wrong checksum at byte " + i + "): copy it again");
            }
            int type = buffer.getInt(i + 4);
            if (type == 0x49484452 && length >= 8) {
                width = buffer.getInt(i + 8);
                height = buffer.getInt(i + 12);
            } else if (type == 0x49454e44) {
                if (width <= 0 || height <= 0) {
                    throw new IOException(path + ": is a PNG of no size: export it again");
                }
                return new PhotoHeader(Format.PNG, width, height);
            }
            i += 12 + length;
        }
        throw truncated(path, "PNG without its end chunk");
    }

    private static PhotoHeader tiff(Path path) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("tiff");
        if (!readers.hasNext()) {
            throw new IOException(path + ": this Java has no TIFF reader: convert it to PNG");
        }
        ImageReader reader = readers.next();
        try (FileImageInputStream in = new FileImageInputStream(path.toFile())) {
            reader.setInput(in, true, true);
            return new PhotoHeader(Format.TIFF, reader.getWidth(0), reader.getHeight(0));
        } catch (IOException | RuntimeException e) {
            // The JDK's TIFF reader answers damaged files with many kinds of RuntimeException.
            throw new IOException(path + ": is not a readable TIFF (" + e.getMessage() + "): convert it to PNG", e);
        } finally {
            reader.dispose();
        }
    }

    private static IOException unreadable(Path path, IOException why) {
        if (why instanceof NoSuchFileException) {
            return new IOException(path + ": there is no such file: check the name", why);
        }
        return Files.isDirectory(path)
                ? new IOException(path + ": is a folder: give a JPEG, PNG or TIFF file", why)
                : new IOException(path + ": can't be read (" + why.getMessage() + "): check its permissions", why);
    }

    private static IOException truncated(Path path, String what) {
        return new IOException(path + ": is truncated (" + what + "): copy it again from the camera");
    }

    private static int unsignedShort(byte[] data, int offset) {
        return ((data[offset] & 0xff) << 8) | (data[offset + 1] & 0xff);
    }
}
