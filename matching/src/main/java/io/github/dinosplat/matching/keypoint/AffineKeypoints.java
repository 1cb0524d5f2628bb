package io.github.dinosplat.matching.keypoint;

/**
 * Keypoints with their affine frames, which say how their surroundings are stretched and turned and not only how large they
 * are. Arrays are shared.
 *
 * @param keypoints the keypoints, in pixels of the photo
 * @param frames [n, 2, 2] row by row, what takes the unit square of a keypoint's own frame to pixels of the photo
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AffineKeypoints(Keypoints keypoints, float[] frames) {

    /** Keypoints of a photo as it is: their frames turn and scale only. */
    static AffineKeypoints unstretched(Keypoints k) {
        float[] frames = new float[4 * k.count()];
        for (int i = 0; i < k.count(); i++) {
            float along = (float) (k.scale(i) * Math.cos(k.orientation(i)));
            float across = (float) (k.scale(i) * Math.sin(k.orientation(i)));
            frames[4 * i] = along;
            frames[4 * i + 1] = -across;
            frames[4 * i + 2] = across;
            frames[4 * i + 3] = along;
        }
        return new AffineKeypoints(k, frames);
    }

    /** The keypoints of several lists, one list after the other. */
    static AffineKeypoints joined(AffineKeypoints... parts) {
        int n = 0;
        for (AffineKeypoints part : parts) {
            n += part.keypoints.count();
        }
        float[] x = new float[n];
        float[] y = new float[n];
        float[] scale = new float[n];
        float[] orientation = new float[n];
        float[] descriptors = new float[n * Keypoints.DESCRIPTOR_SIZE];
        float[] frames = new float[4 * n];
        int at = 0;
        for (AffineKeypoints part : parts) {
            Keypoints k = part.keypoints;
            int size = Keypoints.DESCRIPTOR_SIZE;
            System.arraycopy(k.descriptors(), 0, descriptors, at * size, k.count() * size);
            System.arraycopy(part.frames, 0, frames, 4 * at, 4 * k.count());
            for (int i = 0; i < k.count(); i++) {
                x[at] = (float) k.x(i);
                y[at] = (float) k.y(i);
                scale[at] = (float) k.scale(i);
                orientation[at++] = (float) k.orientation(i);
            }
        }
        return new AffineKeypoints(new Keypoints(x, y, scale, orientation, descriptors), frames);
    }

    /**
     * Every keypoint twice: all as they are, then all with their frames turned by half a circle. Meant for descriptors that
     * leave the sign of a direction open; the ones in {@link #keypoints()} are not turned.
     *
     * @return twice as many keypoints
     */
    public AffineKeypoints withHalfTurns() {
        float[] opposite = new float[frames.length];
        for (int i = 0; i < frames.length; i++) {
            opposite[i] = -frames[i];
        }
        return joined(this, new AffineKeypoints(keypoints, opposite));
    }
}
