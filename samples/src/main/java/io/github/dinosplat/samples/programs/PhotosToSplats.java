package io.github.dinosplat.samples.programs;

import io.github.dinosplat.matching.SfmOptions;
import io.github.dinosplat.matching.StructureFromMotion;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoFolder;
import io.github.dinosplat.scene.PhotoSource;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.Undistortion;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.ImageFiles;
import io.github.dinosplat.splat.io.PlyFiles;
import io.github.dinosplat.splat.train.SplatTrainer;
import io.github.dinosplat.splat.train.TrainOptions;
import io.github.dinosplat.splat.train.TrainResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code PhotosToSplats PHOTOS OUT ITERATIONS}: a folder of photos to cameras and splats. */
public final class PhotosToSplats {

    private PhotosToSplats() {}

    /**
     * Runs the program.
     *
     * @param args folder with the photos, output folder, iterations of the training (3000 is the default of {@code train})
     * @throws Exception if something cannot be read or written, or the photos do not overlap
     */
    public static void main(String[] args) throws Exception {
        Path out = Path.of(args[1]);
        List<Photo> photos = PhotoFolder.read(Path.of(args[0])).photos();
        PhotoSource pixels = ImageFiles.source(photos);
        Scene scene = StructureFromMotion.reconstruct(
                        photos, pixels, SfmOptions.defaults(), Optional.empty(), Progress.NONE)
                .models()
                .get(0);
        ColmapModel.write(scene, out.resolve("sparse/0"));

        Scene pinholes = Undistortion.scene(scene);
        PhotoSource undistorted = Undistortion.photos(scene, pixels);
        TrainOptions options = TrainOptions.defaults().withIterations(Integer.parseInt(args[2]));
        TrainResult splats = SplatTrainer.train(pinholes, undistorted, options, Optional.empty(), Progress.NONE);
        PlyFiles.write(splats.gaussians(), out.resolve("splats.ply"));
        System.out.printf("%d photos, held-out PSNR %.2f dB%n", scene.views().size(), splats.heldOutPsnr());
    }
}
