package io.github.dinosplat.features;

/** Planes that are ready for a network. */
record Planes(float[] values, int width, int height) implements NetworkPicture {

    @Override
    public void window(int left, int top, int windowWidth, int windowHeight, float[] target) {
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < windowHeight; y++) {
                for (int x = 0; x < windowWidth; x++) {
                    int row = NetworkPicture.mirrored(top + y, height);
                    int column = NetworkPicture.mirrored(left + x, width);
                    target[(c * windowHeight + y) * windowWidth + x] = values[(c * height + row) * width + column];
                }
            }
        }
    }
}
