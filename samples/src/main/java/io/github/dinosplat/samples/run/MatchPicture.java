package io.github.dinosplat.samples.run;

import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Image;
import java.awt.Color;

/** Two photos side by side with lines between what matches. */
final class MatchPicture {

    private static final int LONG_SIDE = 800;
    /** More lines hide the photos: of more matches every n-th is drawn. */
    private static final int MOST_LINES = 200;

    private final int width;
    private final int height;
    private final byte[] rgb;

    private MatchPicture(int width, int height) {
        this.width = width;
        this.height = height;
        rgb = new byte[3 * width * height];
    }

    static Image of(Image a, Image b, PhotoMatches matches) {
        Image left = a.fitted(LONG_SIDE);
        Image right = b.fitted(LONG_SIDE);
        MatchPicture picture = new MatchPicture(left.width() + right.width(), Math.max(left.height(), right.height()));
        picture.paste(left, 0);
        picture.paste(right, left.width());
        double scaleA = (double) left.width() / a.width();
        double scaleB = (double) right.width() / b.width();
        double[] inA = matches.pixelsA();
        double[] inB = matches.pixelsB();
        int step = (matches.count() + MOST_LINES - 1) / MOST_LINES;
        for (int i = 0; i < matches.count(); i += Math.max(1, step)) {
            int colour = Color.HSBtoRGB((float) (0.618034 * i), 0.9f, 1);
            picture.line(
                    inA[2 * i] * scaleA,
                    inA[2 * i + 1] * scaleA,
                    inB[2 * i] * scaleB + left.width(),
                    inB[2 * i + 1] * scaleB,
                    colour);
        }
        return new Image(picture.width, picture.height, picture.rgb);
    }

    private void paste(Image image, int left) {
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), 3 * y * image.width(), rgb, 3 * (y * width + left), 3 * image.width());
        }
    }

    private void line(double fromX, double fromY, double toX, double toY, int colour) {
        int steps = (int) Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
        for (int s = 0; s <= steps; s++) {
            double t = steps == 0 ? 0 : (double) s / steps;
            int x = (int) (fromX + t * (toX - fromX));
            int y = (int) (fromY + t * (toY - fromY));
            if (x >= 0 && y >= 0 && x < width && y < height) {
                int at = 3 * (y * width + x);
                rgb[at] = (byte) (colour >> 16);
                rgb[at + 1] = (byte) (colour >> 8);
                rgb[at + 2] = (byte) colour;
            }
        }
    }
}
