package io.github.dinosplat.samples.run;

import io.github.dinosplat.scene.Scene;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The identity of a scene, whatever kind of file it came from. */
final class SceneHash {

    private SceneHash() {}

    /** The hashes of the scene's COLMAP files as we write them, one after another. */
    static String of(Scene scene) throws IOException {
        Path folder = Files.createTempDirectory("dinosplat");
        try {
            ColmapModel.write(scene, folder);
            StringBuilder hashes = new StringBuilder();
            for (Path file : files(folder)) {
                hashes.append(Sha256.of(file));
            }
            return hashes.toString();
        } finally {
            for (Path file : files(folder)) {
                Files.delete(file);
            }
            Files.delete(folder);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        }
    }
}
