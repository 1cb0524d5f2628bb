package io.github.dinosplat.scene;

import java.util.function.UnaryOperator;

/** Pictures with an opacity for each pixel: resampling, and laying them over a colour. */
final class Transparency {

    private Transparency() {}

    /**
     * Resamples a picture that may be cut out: colours count by their opacity (Porter and Duff 1984, premultiplied colours).
     *
     * @param resampling of opaque pictures; every new pixel is a mean of old ones
     */
    static Image resampled(Image image, UnaryOperator<Image> resampling) {
        if (image.alpha().isEmpty()) {
            return resampling.apply(image);
        }
        byte[] alpha = image.alpha().get();
        byte[] grey = new byte[3 * alpha.length];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = alpha[i / 3];
        }
        byte[] opacities =
                resampling.apply(new Image(image.width(), image.height(), grey)).rgb();
        Image colours = resampling.apply(over(image, new float[3]));
        byte[] rgb = new byte[opacities.length];
        byte[] newAlpha = new byte[rgb.length / 3];
        for (int i = 0; i < rgb.length; i++) {
            int a = opacities[i] & 0xff;
            newAlpha[i / 3] = (byte) a;
            rgb[i] = (byte) (a == 0 ? 0 : Math.min(255, ((colours.rgb()[i] & 0xff) * 255 + a / 2) / a));
        }
        return new Image(colours.width(), colours.height(), rgb).withAlpha(newAlpha);
    }

    /** A cut-out picture over a colour of values from 0 to 255. */
    static Image over(Image image, float[] colour) {
        byte[] alpha = image.alpha().orElseThrow();
        byte[] rgb = image.rgb();
        byte[] opaque = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            float a = (alpha[i / 3] & 0xff) / 255f;
            opaque[i] = (byte) Math.round(a * (rgb[i] & 0xff) + (1 - a) * colour[i % 3]);
        }
        return new Image(image.width(), image.height(), opaque);
    }
}
