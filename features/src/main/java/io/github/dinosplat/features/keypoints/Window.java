package io.github.dinosplat.features.keypoints;

import io.github.dinosplat.scene.Image;

/**
 * The part of a photo that a network sees at once; mirrored beyond the photo's right and lower borders.
 *
 * @param photo the reduced photo
 * @param left first column
 * @param top first row
 * @param width columns
 * @param height rows
 */
record Window(Image photo, int left, int top, int width, int height) {

    /** [3, height, width] from 0 to 1. */
    float[] colours() {
        float[] planes = new float[3 * width * height];
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < height; y++) {
                int row = mirrored(top + y, photo.height());
                for (int x = 0; x < width; x++) {
                    int column = mirrored(left + x, photo.width());
                    planes[(c * height + y) * width + x] = photo.value(column, row, c) / 255f;
                }
            }
        }
        return planes;
    }

    private static int mirrored(int position, int size) {
        int inside = position % (2 * size);
        return inside < size ? inside : 2 * size - 1 - inside;
    }

    /** [height, width] from 0 to 1: the mean of the three colours, as XFeat's own code takes it. */
    float[] grey() {
        float[] colours = colours();
        int n = width * height;
        float[] grey = new float[n];
        for (int i = 0; i < n; i++) {
            grey[i] = (colours[i] + colours[n + i] + colours[2 * n + i]) / 3;
        }
        return grey;
    }
}
