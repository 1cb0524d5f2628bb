package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.DescriptorCode;
import io.github.dinosplat.matching.keypoint.Keypoints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Keypoints on disk, bit by bit as they are in memory, so that a resumed run gives the same result. */
final class KeypointFiles {

    private static final String KIND = "DSKP";
    private static final int VERSION = 1;

    private KeypointFiles() {}

    /**
     * Writes keypoints; the file appears whole or not at all.
     *
     * @param keypoints the keypoints; descriptors as the detector makes them
     * @param path the file
     * @param key says what the keypoints were made of: a hash of the photo and the options
     * @throws IOException if the file cannot be written
     */
    static void write(Keypoints keypoints, Path path, long key) throws IOException {
        int n = keypoints.count();
        ByteBuffer out = CacheFile.content(4 + (16L + 2L * Keypoints.DESCRIPTOR_SIZE) * n);
        out.putInt(n);
        for (int i = 0; i < n; i++) {
            out.putFloat((float) keypoints.x(i)).putFloat((float) keypoints.y(i));
            out.putFloat((float) keypoints.scale(i)).putFloat((float) keypoints.orientation(i));
        }
        for (float v : keypoints.descriptors()) {
            out.putShort((short) DescriptorCode.encode(v));
        }
        CacheFile.write(path, KIND, VERSION, key, out);
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
        if (n < 0 || in.remaining() != (16L + 2L * Keypoints.DESCRIPTOR_SIZE) * n) {
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
            descriptors[i] = DescriptorCode.decode(in.getShort() & 0xffff);
        }
        try {
            return new Keypoints(columns[0], columns[1], columns[2], columns[3], descriptors);
        } catch (IllegalArgumentException e) {
            throw CacheFile.broken(path, String.valueOf(e.getMessage()));
        }
    }
}
