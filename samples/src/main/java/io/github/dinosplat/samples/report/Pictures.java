package io.github.dinosplat.samples.report;

import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.io.ImageFiles;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Pictures as data addresses, small enough for a page that holds dozens of them. */
final class Pictures {

    private static final float QUALITY = 0.82f;

    private Pictures() {}

    /** An {@code img} element with the picture reduced to a long side. */
    static String img(Image picture, int longSide, String alternative) throws IOException {
        Image small = picture.fitted(longSide);
        return "<img src=\"" + jpeg(small) + "\" width=\"" + small.width() + "\" height=\"" + small.height()
                + "\" alt=\"" + Html.escape(alternative) + "\">";
    }

    private static String jpeg(Image picture) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageFiles.writeJpeg(picture, QUALITY, bytes);
        return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** A PNG data address of packed RGB values. */
    static String png(int width, int height, int[] rgb) throws IOException {
        BufferedImage buffered = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        buffered.setRGB(0, 0, width, height, rgb, 0, width);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(buffered, "png", bytes);
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** Turns pictures of photos as their EXIF says, for looking at; files stay in the stored pixel grid. */
    static final class Upright {

        private final Map<String, Integer> orientations = new HashMap<>();

        Upright(List<Photo> photos) {
            photos.forEach(p -> orientations.put(p.stem(), p.metadata().orientation()));
        }

        Image turn(Image picture, String photoName) {
            int orientation = orientations.getOrDefault(Photo.stem(photoName), 1);
            if (orientation <= 1 || orientation > 8) {
                return picture;
            }
            boolean swaps = orientation >= 5;
            int w = swaps ? picture.height() : picture.width();
            int h = swaps ? picture.width() : picture.height();
            byte[] rgb = new byte[3 * w * h];
            for (int y = 0; y < h; y++) {
                for (int x = 0; x < w; x++) {
                    int[] from = stored(orientation, x, y, picture.width() - 1, picture.height() - 1);
                    for (int c = 0; c < 3; c++) {
                        rgb[3 * (y * w + x) + c] = (byte) picture.value(from[0], from[1], c);
                    }
                }
            }
            return new Image(w, h, rgb);
        }

        /** The stored pixel that is shown at (x, y); EXIF 2.3, tag 274. */
        private static int[] stored(int orientation, int x, int y, int right, int bottom) {
            return switch (orientation) {
                case 2 -> new int[] {right - x, y};
                case 3 -> new int[] {right - x, bottom - y};
                case 4 -> new int[] {x, bottom - y};
                case 5 -> new int[] {y, x};
                case 6 -> new int[] {y, bottom - x};
                case 7 -> new int[] {right - y, bottom - x};
                case 8 -> new int[] {right - y, x};
                default -> new int[] {x, y};
            };
        }
    }
}
