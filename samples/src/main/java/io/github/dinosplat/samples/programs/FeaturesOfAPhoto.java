package io.github.dinosplat.samples.programs;

import io.github.dinosplat.features.DenseFeatures;
import io.github.dinosplat.features.FeatureFiles;
import io.github.dinosplat.features.PcaPictures;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.ImageFiles;
import java.nio.file.Path;
import java.util.List;

/** {@code FeaturesOfAPhoto PHOTO OUT}: dense features of a photo as an array for NumPy and as a picture. */
public final class FeaturesOfAPhoto {

    private FeaturesOfAPhoto() {}

    /**
     * Runs the program.
     *
     * @param args the photo, output folder
     * @throws Exception if something cannot be read or written
     */
    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        Image photo = ImageFiles.read(Path.of(args[0]));
        // Or DenseFeatures.open(Path.of("dinov3_vits16.onnx"), DenseFeatureOptions.defaults()).
        try (DenseFeatures network = DenseFeatures.embedded()) {
            FeatureMap map = network.extract(photo);
            FeatureFiles.writeNpy(map, out.resolve("features.npy"));
            ImageFiles.writePng(PcaPictures.of(List.of(map)).get(0), out.resolve("features.png"));
            System.out.printf("%d x %d patches, %d channels%n", map.rows(), map.columns(), map.channels());
        }
    }
}
