package io.github.dinosplat.features;

import io.github.dinosplat.features.onnx.GraphFile;
import io.github.dinosplat.features.onnx.OnnxModel;
import io.github.dinosplat.features.onnx.Trunk;
import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Patch tokens of a network in an ONNX file. */
final class OnnxFeatures implements DenseFeatures {

    /** Version of the way from a photo to features: another one makes cached features void. */
    private static final String METHOD = "network 2";
    /**
     * Patches at the ends of a tile that do not count. Features close to a border that is none are wrong; how far in is the
     * network's affair. Two patches are DINOv3's usual overlap of half a tile's margin at small cost.
     */
    private static final int HALO = 2;

    private final GraphFile file;
    private final PatchNetwork network;
    private final Layer layer;
    private final int depth;
    private final PixelNormalisation normalisation;
    private final DenseFeatureOptions options;
    private final Optional<PositionalPart> position;
    private volatile Optional<FeatureDescription> description = Optional.empty();

    private OnnxFeatures(
            GraphFile file,
            PatchNetwork network,
            Layer layer,
            int depth,
            PixelNormalisation normalisation,
            DenseFeatureOptions options,
            Optional<PositionalPart> position) {
        this.file = file;
        this.network = network;
        this.layer = layer;
        this.depth = depth;
        this.normalisation = normalisation;
        this.options = options;
        this.position = position;
    }

    static OnnxFeatures open(Path path, DenseFeatureOptions options) throws IOException {
        GraphFile file = GraphFile.read(path);
        file.externalFiles();
        PixelNormalisation normalisation =
                options.normalisation().isPresent() ? options.normalisation().get() : Preprocessing.normalisation(path);
        OnnxModel whole = OnnxModel.open(path, options.providers());
        OnnxModel model = whole;
        try {
            TokenLayout layout = TokenLayout.of(whole, path, options.output());
            Trunk trunk = file.trunk(layout.output());
            Layer layer = options.layer().resolved(trunk.isTransformer() ? trunk.blocks() : 0);
            if (layer.kind() == Layer.Kind.BLOCK) {
                requireBlock(path, trunk, layer);
                model = OnnxModel.openBlock(trunk, layer.block(), layer.normalised(), options.providers());
                whole.close();
                layout = TokenLayout.of(model, path, Optional.empty());
            }
            PatchNetwork network = new PatchNetwork(model, name(path), layout);
            boolean relative = trunk.isTransformer() || trunk.blocks() == 0;
            Optional<PositionalPart> position =
                    options.withoutPosition() ? Optional.of(PositionalPart.of(network, relative)) : Optional.empty();
            return new OnnxFeatures(file, network, layer, trunk.blocks(), normalisation, options, position);
        } catch (IOException | RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static void requireBlock(Path path, Trunk trunk, Layer layer) throws IOException {
        if (trunk.blocks() == 0) {
            throw new IOException(name(path) + " has no blocks that can be made out in its graph, so layer " + layer
                    + " cannot be taken; use layer final");
        }
        String blocks = trunk.isTransformer() ? "attention blocks" : "stages";
        if (layer.block() >= trunk.blocks()) {
            throw new IOException(name(path) + " has " + trunk.blocks() + " " + blocks + ", 0 to "
                    + (trunk.blocks() - 1) + "; layer " + layer + " is none of them");
        }
        if (layer.normalised() && !trunk.isTransformer() && layer.block() < trunk.blocks() - 1) {
            throw new IOException(name(path) + " is a convolutional network, whose stages before the last have no final"
                    + " normalisation; use layer " + layer.block() + "-raw");
        }
    }

    private static String name(Path path) {
        String fileName = path.toAbsolutePath().getFileName().toString();
        String stem = fileName.endsWith(".onnx") ? fileName.substring(0, fileName.length() - 5) : fileName;
        // Hugging Face calls every file model.onnx, in a folder onnx; the model's name is the folder above.
        Path folder = path.toAbsolutePath().normalize().getParent();
        if (stem.startsWith("model") && folder != null && folder.endsWith("onnx") && folder.getParent() != null) {
            return folder.getParent().getFileName() + " (" + stem + ")";
        }
        return stem;
    }

    @Override
    public String name() {
        return name(file.file());
    }

    @Override
    public String sha256() {
        return description().sha256();
    }

    @Override
    public String key() {
        FeatureDescription d = description();
        return String.join(
                "|",
                METHOD,
                d.sha256(),
                d.weights().toString(),
                layer.toString(),
                network.layout().toString(),
                normalisation.toString(),
                Integer.toString(options.longSide()),
                Integer.toString(options.subdivision()),
                Integer.toString(options.tile()),
                Boolean.toString(options.withoutPosition()),
                d.provider());
    }

    /** Hashing takes a while for large weights, so that it is done when it is asked for. */
    @Override
    public FeatureDescription description() {
        if (description.isEmpty()) {
            try {
                List<FeatureDescription.WeightsFile> weights = new ArrayList<>();
                for (Path path : file.externalFiles()) {
                    weights.add(new FeatureDescription.WeightsFile(
                            path.getFileName().toString(), Sha256.of(path)));
                }
                description = Optional.of(new FeatureDescription(
                        name(),
                        Sha256.of(file.file()),
                        weights,
                        network.layout().patch(),
                        layer.toString(),
                        network.model().provider().toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(file.file() + ": " + e.getMessage(), e);
            }
        }
        return description.get();
    }

    TokenLayout layout() {
        return network.layout();
    }

    Layer layer() {
        return layer;
    }

    int depth() {
        return depth;
    }

    PixelNormalisation normalisation() {
        return normalisation;
    }

    @Override
    public FeatureMap extract(Image photo) {
        return extractGlobal(photo).patches();
    }

    @Override
    public PhotoFeatures extractGlobal(Image photo) {
        int most = Math.max(photo.width(), photo.height());
        double scale = Math.min(1, (double) options.longSide() / most);
        int width = wholePatches(photo.width() * scale);
        int height = wholePatches(photo.height() * scale);
        return extract(new ResampledPhoto(photo, width, height, normalisation), photo.width(), photo.height());
    }

    private int wholePatches(double pixels) {
        int patch = network.layout().patch();
        return Math.max(1, (int) Math.round(pixels / patch)) * patch;
    }

    /** The features of a picture whose sides are whole patches. */
    PhotoFeatures extract(NetworkPicture picture, int photoWidth, int photoHeight) {
        int patch = network.layout().patch();
        int parts = options.subdivision();
        // Shifted pictures need a patch more, to cover the whole from every start.
        int more = parts > 1 ? 1 : 0;
        TilePlan rows = plan(picture.height() / patch, network.layout().fixedHeight(), more);
        TilePlan columns = plan(picture.width() / patch, network.layout().fixedWidth(), more);
        int height = (rows.tile() + more) * patch;
        int width = (columns.tile() + more) * patch;
        float[] planes = new float[3 * height * width];
        double[] classToken = {};
        PatchSums sums = null;
        for (int r = 0; r < rows.starts().length; r++) {
            for (int c = 0; c < columns.starts().length; c++) {
                for (int shift = 0; shift < parts * parts; shift++) {
                    int down = shift / parts;
                    int right = shift % parts;
                    picture.window(
                            columns.starts()[c] * patch - right * patch / parts,
                            rows.starts()[r] * patch - down * patch / parts,
                            width,
                            height,
                            planes);
                    PatchNetwork.Tokens tokens = network.run(planes, height, width);
                    position.ifPresent(p -> subtract(p.at(height / patch, width / patch), tokens));
                    if (sums == null) {
                        sums = new PatchSums(rows.cells() * parts, columns.cells() * parts, tokens.channels());
                        classToken = new double[tokens.classToken().length];
                    }
                    add(tokens, rows, r, down, columns, c, right, width / patch, sums);
                    for (int k = 0; k < classToken.length; k++) {
                        classToken[k] += tokens.values()[k];
                    }
                }
            }
        }
        if (sums == null) {
            throw new IllegalStateException("a picture has at least one tile");
        }
        int runs = rows.starts().length * columns.starts().length * parts * parts;
        float[] mean = new float[classToken.length];
        for (int k = 0; k < mean.length; k++) {
            mean[k] = (float) (classToken[k] / runs);
        }
        return new PhotoFeatures(sums.mean(photoWidth, photoHeight), mean);
    }

    private TilePlan plan(int cells, int fixedSide, int more) {
        int patch = network.layout().patch();
        if (fixedSide > 0) {
            return TilePlan.of(cells, fixedSide / patch - more, HALO);
        }
        int most = Math.max(2, options.tile() / patch);
        return TilePlan.of(cells, Math.min(cells, most), HALO);
    }

    private static void subtract(float[] part, PatchNetwork.Tokens tokens) {
        int start = tokens.at(0);
        for (int k = 0; k < part.length; k++) {
            tokens.values()[start + k] -= part[k];
        }
    }

    /** Gives each fine cell of a tile the vectors of the patches of a shifted run that cover it. */
    private void add(
            PatchNetwork.Tokens tokens,
            TilePlan rows,
            int tileRow,
            int down,
            TilePlan columns,
            int tileColumn,
            int right,
            int tokenColumns,
            PatchSums sums) {
        int parts = options.subdivision();
        for (int y = 0; y < rows.tile() * parts; y++) {
            float rowWeight = rows.weight(tileRow, y / parts);
            int row = rows.starts()[tileRow] * parts + y;
            if (rowWeight <= 0 || row >= sums.rows()) {
                continue;
            }
            int tokenRow = (y + down) / parts;
            for (int x = 0; x < columns.tile() * parts; x++) {
                float weight = rowWeight * columns.weight(tileColumn, x / parts);
                int column = columns.starts()[tileColumn] * parts + x;
                if (weight > 0 && column < sums.columns()) {
                    int token = tokenRow * tokenColumns + (x + right) / parts;
                    sums.add(row, column, weight, tokens.values(), tokens.at(token));
                }
            }
        }
    }

    /** The patch tokens of a picture that is ready for the network, in one run. */
    FeatureMap patches(float[] planes, int height, int width, int photoWidth, int photoHeight) {
        PatchNetwork.Tokens tokens = network.run(planes, height, width);
        int patch = network.layout().patch();
        float[] values = Arrays.copyOfRange(tokens.values(), tokens.at(0), tokens.values().length);
        return new FeatureMap(height / patch, width / patch, tokens.channels(), photoWidth, photoHeight, values);
    }

    @Override
    public void close() {
        network.close();
    }
}
