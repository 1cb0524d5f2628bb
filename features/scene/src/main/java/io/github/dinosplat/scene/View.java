package io.github.dinosplat.scene;

/**
 * A registered photo of a {@link Scene}: its pose, and its keypoints with the scene points they observe. Immutable.
 */
public final class View {

    private final String name;
    private final int cameraIndex;
    private final Rigid3 camFromWorld;
    private final double[] keypoints;
    private final int[] pointIndices;

    /**
     * A view.
     *
     * @param name name of the photo: its path relative to the photo folder, with extension and forward slashes
     * @param cameraIndex index into {@link Scene#cameras()}
     * @param camFromWorld pose
     * @param keypoints x and y in pixels of each keypoint, interleaved; copied
     * @param pointIndices for each keypoint the index of the scene point it observes, or -1; copied
     * @throws IllegalArgumentException if the arrays' lengths do not fit
     */
    public View(String name, int cameraIndex, Rigid3 camFromWorld, double[] keypoints, int[] pointIndices) {
        if (keypoints.length != 2 * pointIndices.length) {
            throw new IllegalArgumentException("expected keypoints [" + 2 * pointIndices.length + "] for "
                    + pointIndices.length + " point indices but was [" + keypoints.length + "]");
        }
        this.name = name;
        this.cameraIndex = cameraIndex;
        this.camFromWorld = camFromWorld;
        this.keypoints = keypoints.clone();
        this.pointIndices = pointIndices.clone();
    }

    /**
     * The photo's name.
     *
     * @return path relative to the photo folder, with extension
     */
    public String name() {
        return name;
    }

    /**
     * The photo's camera.
     *
     * @return index into {@link Scene#cameras()}
     */
    public int cameraIndex() {
        return cameraIndex;
    }

    /**
     * The pose.
     *
     * @return world-to-camera motion
     */
    public Rigid3 camFromWorld() {
        return camFromWorld;
    }

    /**
     * The number of keypoints, observed or not.
     *
     * @return count
     */
    public int keypointCount() {
        return pointIndices.length;
    }

    /**
     * Horizontal position of a keypoint.
     *
     * @param keypoint index of the keypoint
     * @return pixels
     */
    public double x(int keypoint) {
        return keypoints[2 * keypoint];
    }

    /**
     * Vertical position of a keypoint.
     *
     * @param keypoint index of the keypoint
     * @return pixels
     */
    public double y(int keypoint) {
        return keypoints[2 * keypoint + 1];
    }

    /**
     * The scene point that a keypoint observes.
     *
     * @param keypoint index of the keypoint
     * @return index into the scene's points, or -1
     */
    public int pointIndex(int keypoint) {
        return pointIndices[keypoint];
    }

    /**
     * All keypoint positions.
     *
     * @return a new array of interleaved x and y in pixels
     */
    public double[] keypoints() {
        return keypoints.clone();
    }

    /**
     * All point indices.
     *
     * @return a new array, -1 where a keypoint observes no point
     */
    public int[] pointIndices() {
        return pointIndices.clone();
    }

    /**
     * The same view with another pose.
     *
     * @param newCamFromWorld pose
     * @return a new view
     */
    public View withPose(Rigid3 newCamFromWorld) {
        return new View(name, cameraIndex, newCamFromWorld, keypoints, pointIndices);
    }

    @Override
    public String toString() {
        return "View[" + name + ", camera " + cameraIndex + ", " + keypointCount() + " keypoints]";
    }
}
