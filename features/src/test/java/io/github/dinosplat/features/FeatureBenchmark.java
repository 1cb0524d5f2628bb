package io.github.dinosplat.features;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.Progress;
import io.github.dinosplat.scene.io.ImageFiles;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures what everything around ONNX Runtime costs: decoding, resampling, normalising, collecting patches. The command is
 * in the module's README. Times are of threads on the processor, so that other programs on the machine do not count.
 */
final class FeatureBenchmark {

    private FeatureBenchmark() {}

    /** Arguments: folder with photos, model file or {@code vits} for generated weights of ViT-S/16's shape, long side, rounds. */
    public static void main(String[] args) throws IOException {
        List<Path> photos;
        try (Stream<Path> list = Files.list(Path.of(args[0]))) {
            photos = list.filter(p -> p.toString().matches("(?i).*\\.(jpe?g|png)"))
                    .sorted()
                    .limit(6)
                    .toList();
        }
        Path temporary = Files.createTempDirectory("benchmark");
        Path model = args[1].equals("vits") ? temporary.resolve("vits.onnx") : Path.of(args[1]);
        if (args[1].equals("vits")) {
            DinoWeights weights = DinoWeights.random(384, 12, 6, 1536, false, 16, 4);
            DinoGraph.write(weights, DinoGraph.Form.EXTERNAL, model, "height", "width");
        }
        DenseFeatureOptions options = DenseFeatureOptions.defaults()
                .withLongSide(Integer.parseInt(args[2]))
                .withLayer(Layer.FINAL);
        try (OnnxFeatures features = OnnxFeatures.open(model, options);
                OrtSession.SessionOptions bare = new OrtSession.SessionOptions()) {
            bare.setIntraOpNumThreads(1);
            bare.setMemoryPatternOptimization(false);
            bare.setCPUArenaAllocator(false);
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toString(), bare)) {
                for (int round = 0; round < Integer.parseInt(args[3]); round++) {
                    measure(features, session, photos, options.longSide());
                }
            }
        } catch (OrtException e) {
            throw new IOException(e);
        }
        try (Stream<Path> list = Files.list(temporary)) {
            for (Path p : list.toList()) {
                Files.delete(p);
            }
        }
        Files.delete(temporary);
    }

    private static void measure(OnnxFeatures features, OrtSession session, List<Path> photos, int longSide)
            throws IOException, OrtException {
        double decode = 0;
        double whole = 0;
        double network = 0;
        for (Path path : photos) {
            double start = cpu();
            Image photo = ImageFiles.read(path);
            double decoded = cpu();
            features.extractGlobal(photo);
            decode += decoded - start;
            whole += cpu() - decoded;
            network += alone(features.layout(), session, photo.fitted(longSide));
        }
        double wall = System.nanoTime() * 1e-9;
        FeatureExtraction.run(
                photos.stream().map(Path::toString).toList(),
                name -> ImageFiles.read(Path.of(name)),
                features,
                1,
                (name, found) -> {},
                Progress.NONE);
        wall = System.nanoTime() * 1e-9 - wall;
        System.out.printf(
                Locale.ROOT,
                "per photo, CPU s: ONNX Runtime %.3f, decode %.3f (%.1f %%), rest of ours %.3f (%.1f %%);"
                        + " wall s with decoding beside the network %.3f%n",
                network / photos.size(),
                decode / photos.size(),
                100 * decode / network,
                (whole - network) / photos.size(),
                100 * (whole - network) / network,
                wall / photos.size());
    }

    /** ONNX Runtime's own time on a picture of the size that the features are made from. */
    private static double alone(TokenLayout layout, OrtSession session, Image fitted) throws OrtException {
        int width = Math.round((float) fitted.width() / layout.patch()) * layout.patch();
        int height = Math.round((float) fitted.height() / layout.patch()) * layout.patch();
        FloatBuffer picture = ByteBuffer.allocateDirect(12 * width * height)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), picture, new long[] {1, 3, height, width})) {
            double start = cpu();
            session.run(Map.of(layout.input(), tensor), Set.of(layout.output())).close();
            return cpu() - start;
        }
    }

    private static double cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() * 1e-9;
    }
}
