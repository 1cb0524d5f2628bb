package io.github.dinosplat.features;

import java.util.List;

/**
 * A network that people use for features, depth or keypoints, and how to get it. Nothing here is downloaded by this library.
 *
 * @param name short name; a folder of this name, or a file of this name with {@code .onnx}, is looked for
 * @param use {@code "features"}, {@code "depth"} or {@code "keypoints"}
 * @param millions parameters in millions, rounded up
 * @param megabytes size of its 32-bit file in MB, rounded
 * @param patch side of a patch in pixels; for ConvNeXt of a cell; 0 for keypoints
 * @param licence its licence in a few words
 * @param source where to get it
 * @param hash first hexadecimal digits of the SHA-256 of its {@code model.onnx}, as others have published them; empty where
 *     none was found
 * @param dataHash likewise of its {@code model.onnx_data}
 */
public record KnownModel(
        String name,
        String use,
        int millions,
        int megabytes,
        int patch,
        String licence,
        String source,
        String hash,
        String dataHash) {

    private static final String DINOV3 = "DINOv3 License (Meta; accept it first)";
    private static final String APACHE = "Apache-2.0";

    /** The models that are known. */
    public static final List<KnownModel> ALL = List.of(
            dinov3("dinov3-vits16", 21, "vits16", "bb75e9e30ff3", "1eff0bb9f4fd"),
            dinov3("dinov3-vits16plus", 29, "vits16plus", "", ""),
            dinov3("dinov3-vitb16", 86, "vitb16", "0d68aa8f33d2", "6f292af27497"),
            dinov3("dinov3-vitl16", 300, "vitl16", "", ""),
            facebook("dinov3-vith16plus", 840, 16, "dinov3-vith16plus-pretrain-lvd1689m"),
            facebook("dinov3-vit7b16", 6716, 16, "dinov3-vit7b16-pretrain-lvd1689m"),
            facebook("dinov3-vitl16-sat493m", 300, 16, "dinov3-vitl16-pretrain-sat493m"),
            facebook("dinov3-vit7b16-sat493m", 6716, 16, "dinov3-vit7b16-pretrain-sat493m"),
            facebook("dinov3-convnext-tiny", 29, 32, "dinov3-convnext-tiny-pretrain-lvd1689m"),
            facebook("dinov3-convnext-small", 50, 32, "dinov3-convnext-small-pretrain-lvd1689m"),
            facebook("dinov3-convnext-base", 89, 32, "dinov3-convnext-base-pretrain-lvd1689m"),
            facebook("dinov3-convnext-large", 198, 32, "dinov3-convnext-large-pretrain-lvd1689m"),
            dinov2("dinov2-small", 22),
            dinov2("dinov2-base", 87),
            dinov2("dinov2-large", 304),
            depth("depth-anything-v2-small", 25, 14, APACHE, "onnx-community/depth-anything-v2-small"),
            depth("depth-anything-v3-small", 25, 14, APACHE, "onnx-community/depth-anything-v3-small"),
            depth("moge-2-vits", 35, 14, "MIT", "Ruicheng/moge-2-vits-normal-onnx"),
            depth("moge-2-vitb", 104, 14, "MIT", "Ruicheng/moge-2-vitb-normal-onnx"),
            keypoints(
                    "aliked-t16",
                    "BSD-3-Clause",
                    "mug1wara26/aliked-lightglue-onnx: aliked-t16-top1k-tum.onnx",
                    "f1a91f594b9f"),
            keypoints("xfeat", APACHE, "meyiao/xfeatc: xfeat_640x640.onnx", "55a50801d215"));

    private static KnownModel dinov3(String name, int millions, String size, String hash, String dataHash) {
        String source = "huggingface.co/onnx-community/dinov3-" + size
                + "-pretrain-lvd1689m-ONNX: onnx/model.onnx and onnx/model.onnx_data";
        return new KnownModel(name, "features", millions, 4 * millions, 16, DINOV3, source, hash, dataHash);
    }

    private static KnownModel facebook(String name, int millions, int patch, String repository) {
        String source = "huggingface.co/facebook/" + repository + " (PyTorch: export it to ONNX)";
        return new KnownModel(name, "features", millions, 4 * millions, patch, DINOV3, source, "", "");
    }

    private static KnownModel dinov2(String name, int millions) {
        String source = "huggingface.co/facebook/" + name + " (PyTorch: export it to ONNX)";
        return new KnownModel(name, "features", millions, 4 * millions, 14, APACHE, source, "", "");
    }

    private static KnownModel keypoints(String name, String licence, String source, String hash) {
        return new KnownModel(name, "keypoints", 1, 4, 0, licence, "github.com/" + source, hash, "");
    }

    private static KnownModel depth(String name, int millions, int patch, String licence, String repository) {
        String source = "huggingface.co/" + repository;
        return new KnownModel(name, "depth", millions, 4 * millions, patch, licence, source, "", "");
    }
}
