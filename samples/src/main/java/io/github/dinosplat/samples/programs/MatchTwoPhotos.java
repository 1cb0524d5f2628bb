package io.github.dinosplat.samples.programs;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.matching.twoview.PhotoMatcher;
import io.github.dinosplat.matching.twoview.PhotoMatches;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** {@code MatchTwoPhotos PHOTO_A PHOTO_B}: prints the pixels at which two photos show the same points. */
public final class MatchTwoPhotos {

    private MatchTwoPhotos() {}

    /**
     * Runs the program.
     *
     * @param args the two photos
     * @throws Exception if a photo cannot be read
     */
    public static void main(String[] args) throws Exception {
        Image a = ImageFiles.read(Path.of(args[0]));
        Image b = ImageFiles.read(Path.of(args[1]));
        // The network is asked only where plain keypoints do not match.
        try (DenseFeatures network = DenseFeatures.embedded(PhotoMatcher.featureOptions());
                PhotoMatcher matcher =
                        new PhotoMatcher(KeypointOptions.defaults(), MatchOptions.defaults(), Optional.of(network))) {
            PhotoMatches matches = matcher.match(a, Optional.empty(), b, Optional.empty());
            double[] inA = matches.pixelsA();
            double[] inB = matches.pixelsB();
            for (int i = 0; i < matches.count(); i++) {
                System.out.printf(
                        Locale.ROOT, "%.1f %.1f  %.1f %.1f%n", inA[2 * i], inA[2 * i + 1], inB[2 * i], inB[2 * i + 1]);
            }
        }
    }
}
