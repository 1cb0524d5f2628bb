package io.github.dinosplat.features;

import io.github.dinosplat.scene.FeatureMap;
import io.github.dinosplat.scene.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns a photo into dense features: one vector for each patch of a regular grid. Implementations are safe for use by
 * several threads, and the same photo gives the same bits whatever the number of threads.
 */
public interface DenseFeatures extends AutoCloseable {

    /**
     * What makes these features, as reports name it.
     *
     * @return a short name
     */
    String name();

    /**
     * SHA-256 of the model file, or of the name and version of a method that has no file.
     *
     * @return lower-case hexadecimal
     */
    String sha256();

    /**
     * Everything on which the features of a photo depend but the photo: two with the same key give the same features. For
     * caches and records.
     *
     * @return a text
     */
    default String key() {
        return name() + " " + sha256();
    }

    /**
     * Where these features come from.
     *
     * @return name, hashes, patch size and layer
     */
    default FeatureDescription description() {
        return new FeatureDescription(name(), sha256(), List.of(), 1, Layer.FINAL.toString(), "cpu");
    }

    /**
     * The features of a photo. The photo may have any size and shape; its grid covers all of it.
     *
     * @param photo the photo
     * @return features
     * @throws IllegalStateException if the network fails, or this is closed
     */
    FeatureMap extract(Image photo);

    /**
     * The features of a photo with one vector for the whole of it.
     *
     * @param photo the photo
     * @return the same patches as from {@link #extract}, and a global vector
     * @throws IllegalStateException if the network fails, or this is closed
     */
    default PhotoFeatures extractGlobal(Image photo) {
        return new PhotoFeatures(extract(photo), new float[0]);
    }

    /**
     * The same features, kept on disk as 16-bit floats under a hash of the photo's pixels and of {@link #key()}. What is
     * given is rounded to 16 bits also when it is made, so that it does not depend on what the folder holds.
     *
     * @param folder a folder, made when something is written
     * @return features; closing them closes these
     */
    default DenseFeatures cached(Path folder) {
        return new CachedFeatures(this, folder);
    }

    /** Frees what is held outside of the Java heap. No call may be under way. */
    @Override
    void close();

    /**
     * Dense SIFT (gradient histograms, two scales) and colour statistics: needs no model and serves as the baseline that
     * learned features have to beat. Named {@code dense-sift-colour}.
     *
     * @return features; closing them is not needed
     */
    static DenseFeatures handCrafted() {
        return new SiftColourFeatures();
    }

    /**
     * The features of the network that comes with the library, "dinosplat-small": 192 channels, patch 16, DINOv3's ConvNeXt
     * form. It is small and was trained for correspondence on few photos; {@link #open} takes larger networks. What it was
     * trained on and how it compares stands in the {@code MODEL_CARD.md} beside it in the jar.
     *
     * @param options how photos are prepared; it was trained with ImageNet's normalisation, on photos with a long side of
     *     512
     * @return features, to be closed
     * @throws IOException if the temporary folder cannot be written or ONNX Runtime cannot be used on this machine
     */
    static DenseFeatures embedded(DenseFeatureOptions options) throws IOException {
        return EmbeddedModel.open(options);
    }

    /**
     * The features of the network that comes with the library, with default options at the long side that it was trained for,
     * 512.
     *
     * @return features, to be closed
     * @throws IOException as for {@link #embedded(DenseFeatureOptions)}
     */
    static DenseFeatures embedded() throws IOException {
        return embedded(DenseFeatureOptions.defaults().withLongSide(EmbeddedModel.LONG_SIDE));
    }

    /**
     * The features of a network in an ONNX file: a vision transformer of any size, or another network with tokens.
     *
     * <p>The file is judged by its graph, not its name: it needs one picture input [batch, 3, height, width] and an output
     * [batch, tokens, channels] or [batch, channels, rows, columns] that grows with the picture. The patch size and the
     * number of tokens that come before the patches (class and register tokens) are found by running it on two sizes.
     * Blocks are found in the graph, and taken by writing the graph again in memory; no file is written. Weights kept in a
     * file beside it are found. A network of one fixed size sees a larger photo in tiles.
     *
     * @param onnx the model file
     * @param options how photos are prepared
     * @return features, to be closed
     * @throws IOException if the file cannot be read, is no ONNX model, or has no such input or output: the message says
     *     what was found
     */
    static DenseFeatures open(Path onnx, DenseFeatureOptions options) throws IOException {
        return OnnxFeatures.open(onnx, options);
    }
}
