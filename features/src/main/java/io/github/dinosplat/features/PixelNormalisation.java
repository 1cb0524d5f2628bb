package io.github.dinosplat.features;

/** Mean and standard deviation of red, green and blue (0 to 1) that a family of networks expects to be taken out. */
public enum PixelNormalisation {
    /** ImageNet's: DINOv2, DINOv3 on web photos (LVD-1689M) and most others. */
    IMAGENET(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}),
    /** DINOv3's satellite weights (SAT-493M). */
    SATELLITE(new float[] {0.430f, 0.411f, 0.296f}, new float[] {0.213f, 0.156f, 0.143f});

    private final float[] mean;
    private final float[] deviation;

    PixelNormalisation(float[] mean, float[] deviation) {
        this.mean = mean;
        this.deviation = deviation;
    }

    float apply(int channel, int value) {
        return (value / 255f - mean[channel]) / deviation[channel];
    }
}
