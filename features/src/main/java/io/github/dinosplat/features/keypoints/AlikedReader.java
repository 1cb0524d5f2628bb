package io.github.dinosplat.features.keypoints;

import io.github.dinosplat.features.onnx.OnnxModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** ALIKED's exports: keypoints from -1 to 1 (centres of the outermost pixels), descriptors, scores. */
record AlikedReader(String input, int descriptorSize) implements KeypointReader {

    private static final List<String> OUTPUTS = List.of("keypoints", "descriptors", "scores");

    static Optional<KeypointReader> of(OnnxModel model) {
        if (!KeypointNetwork.takesPicture(model, 3)) {
            return Optional.empty();
        }
        List<String> names = model.outputs().stream().map(OnnxModel.Port::name).toList();
        if (!names.containsAll(OUTPUTS)) {
            return Optional.empty();
        }
        // The files do not declare the length of a descriptor; a run on black shows it.
        OnnxModel.Port picture = model.inputs().get(0);
        long[] shape = {1, 3, picture.shape()[2], picture.shape()[3]};
        float[] black = new float[(int) (3 * shape[2] * shape[3])];
        long[] found = model.run(picture.name(), black, shape, List.of("descriptors"))
                .get(0)
                .shape();
        return found.length == 2 && found[1] > 0 && found[1] <= 4096
                ? Optional.of(new AlikedReader(picture.name(), (int) found[1]))
                : Optional.empty();
    }

    @Override
    public String kind() {
        return "ALIKED";
    }

    @Override
    public List<Found> read(OnnxModel model, Window window) {
        List<OnnxModel.Tensor> tensors =
                model.run(input, window.colours(), new long[] {1, 3, window.height(), window.width()}, OUTPUTS);
        float[] places = tensors.get(0).values();
        float[] descriptors = tensors.get(1).values();
        float[] scores = tensors.get(2).values();
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            double x = (places[2 * i] + 1) / 2 * (window.width() - 1) + 0.5;
            double y = (places[2 * i + 1] + 1) / 2 * (window.height() - 1) + 0.5;
            found.add(new Found(window.left() + x, window.top() + y, scores[i], descriptors, i * descriptorSize));
        }
        return found;
    }
}
