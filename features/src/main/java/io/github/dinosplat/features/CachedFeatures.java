package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Features kept on disk. A file is: magic number, version, six sizes, the class token and the patches as 16-bit floats, and
 * the CRC-32 of all before; little-endian. A file that is damaged is made again.
 */
final class CachedFeatures implements DenseFeatures {

    private static final int MAGIC = 0x46445344;
    private static final int VERSION = 1;
    private static final int HEAD = 8 * 4;

    private final DenseFeatures source;
    private final Path folder;
    private final String key;

    CachedFeatures(DenseFeatures source, Path folder) {
        this.source = source;
        this.folder = folder;
        this.key = source.key();
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public String sha256() {
        return source.sha256();
    }

    @Override
    public String key() {
        return key + "|16 bits";
    }

    @Override
    public FeatureDescription description() {
        return source.description();
    }

    @Override
    public FeatureMap extract(Image photo) {
        return extractGlobal(photo).patches();
    }

    @Override
    public PhotoFeatures extractGlobal(Image photo) {
        byte[] head = (key + "|" + photo.width() + "x" + photo.height()).getBytes(StandardCharsets.UTF_8);
        byte[] length = ByteBuffer.allocate(4).putInt(head.length).array();
        String hash = new Sha256().add(length).add(head).add(photo.rgb()).hex();
        Path file = folder.resolve(hash.substring(0, 2)).resolve(hash + ".feat");
        try {
            Optional<PhotoFeatures> kept = Files.isRegularFile(file) ? read(file) : Optional.empty();
            if (kept.isPresent()) {
                return kept.get();
            }
            byte[] bytes = encoded(source.extractGlobal(photo));
            AtomicFiles.write(file, out -> out.write(bytes));
            return decoded(bytes).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep features in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static byte[] encoded(PhotoFeatures features) {
        FeatureMap map = features.patches();
        float[] token = features.classToken();
        long length = HEAD + 2L * token.length + 2L * map.rows() * map.columns() * map.channels() + 4;
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a feature map of " + length + " bytes is too large to be kept: "
                    + "take a smaller long side or subdivision");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(MAGIC)
                .putInt(VERSION)
                .putInt(map.rows())
                .putInt(map.columns())
                .putInt(map.channels());
        bytes.putInt(map.photoWidth()).putInt(map.photoHeight()).putInt(token.length);
        for (float v : token) {
            bytes.putShort(HalfFloats.toHalf(v));
        }
        float[] patch = new float[map.channels()];
        for (int p = 0; p < map.rows() * map.columns(); p++) {
            map.copyPatch(p / map.columns(), p % map.columns(), patch);
            for (float v : patch) {
                bytes.putShort(HalfFloats.toHalf(v));
            }
        }
        return bytes.putInt((int) crc(bytes)).array();
    }

    private static long crc(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes.array(), 0, bytes.capacity() - 4);
        return crc.getValue();
    }

    private static Optional<PhotoFeatures> read(Path file) throws IOException {
        long size = Files.size(file);
        return size < HEAD + 4 || size > Integer.MAX_VALUE - 8 ? Optional.empty() : decoded(Files.readAllBytes(file));
    }

    private static Optional<PhotoFeatures> decoded(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.getInt() != MAGIC || bytes.getInt() != VERSION || bytes.getInt(file.length - 4) != (int) crc(bytes)) {
            return Optional.empty();
        }
        int rows = bytes.getInt();
        int columns = bytes.getInt();
        int channels = bytes.getInt();
        int photoWidth = bytes.getInt();
        int photoHeight = bytes.getInt();
        float[] token = new float[bytes.getInt()];
        for (int k = 0; k < token.length; k++) {
            token[k] = HalfFloats.toFloat(bytes.getShort());
        }
        float[] values = new float[rows * columns * channels];
        for (int i = 0; i < values.length; i++) {
            values[i] = HalfFloats.toFloat(bytes.getShort());
        }
        return Optional.of(
                new PhotoFeatures(new FeatureMap(rows, columns, channels, photoWidth, photoHeight, values), token));
    }

    @Override
    public void close() {
        source.close();
    }
}
