package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.DescriptorCode;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Keypoints on disk, bit by bit as they are in memory, so that a resumed run gives the same result: a count; for each keypoint
 * x, y, scale and orientation as floats; then all descriptors, in 16 bits an entry where all entries have a
 * {@link DescriptorCode}, as SIFT's do, else as floats, as a network's need. The length of the file says which.
 */
final class KeypointFiles {

    private static final String KIND = "DSKP";
    private static final int VERSION = 1;
    /** Bytes of a keypoint without its descriptor. */
    private static final int PLACE = 16;

    private KeypointFiles() {}

    /**
     * Writes keypoints; the file appears whole or not at all.
     *
     * @param keypoints the keypoints
     * @param path the file
     * @param key says what the keypoints were made of: a hash of the photo and the options
     * @throws IOException if the file cannot be written
     */
    static void write(Keypoints keypoints, Path path, long key) throws IOException {
        int n = keypoints.count();
        boolean coded = haveCodes(keypoints.descriptors());
        ByteBuffer out = CacheFile.content(4 + length(n, coded ? Short.BYTES : Float.BYTES));
        out.putInt(n);
        for (int i = 0; i < n; i++) {
            out.putFloat((float) keypoints.x(i)).putFloat((float) keypoints.y(i));
            out.putFloat((float) keypoints.scale(i)).putFloat((float) keypoints.orientation(i));
        }
        for (float v : keypoints.descriptors()) {
            if (coded) {
                out.putShort((short) DescriptorCode.encode(v));
            } else {
                out.putFloat(v);
            }
        }
        CacheFile.write(path, KIND, VERSION, key, out);
    }

    private static boolean haveCodes(float[] descriptors) {
        for (float v : descriptors) {
            if (DescriptorCode.decode(DescriptorCode.encode(v)) != v) {
                return false;
            }
        }
        return true;
    }

    private static long length(int keypoints, int bytesAnEntry) {
        return (PLACE + (long) bytesAnEntry * Keypoints.DESCRIPTOR_SIZE) * keypoints;
    }

    /**
     * Reads keypoints.
     *
     * @param path the file
     * @param key what the keypoints have to be made of
     * @return the keypoints that were written
     * @throws IOException if the file is absent, damaged, of another version or made of something else
     */
    static Keypoints read(Path path, long key) throws IOException {
        ByteBuffer in = CacheFile.read(path, KIND, VERSION, key);
        int n = in.remaining() < 4 ? -1 : in.getInt();
        boolean coded = n >= 0 && in.remaining() == length(n, Short.BYTES);
        if (n < 0 || !(coded || in.remaining() == length(n, Float.BYTES))) {
            throw CacheFile.broken(path, "it names " + n + " keypoints, which does not fit its length");
        }
        float[][] columns = new float[4][n];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < 4; c++) {
                columns[c][i] = in.getFloat();
            }
        }
        float[] descriptors = new float[Keypoints.DESCRIPTOR_SIZE * n];
        for (int i = 0; i < descriptors.length; i++) {
            descriptors[i] = coded ? DescriptorCode.decode(in.getShort() & 0xffff) : in.getFloat();
        }
        try {
            return new Keypoints(columns[0], columns[1], columns[2], columns[3], descriptors);
        } catch (IllegalArgumentException e) {
            throw CacheFile.broken(path, String.valueOf(e.getMessage()));
        }
    }
}
