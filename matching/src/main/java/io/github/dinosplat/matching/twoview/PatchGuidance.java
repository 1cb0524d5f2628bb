package io.github.dinosplat.matching.twoview;

import io.github.dinosplat.features.onnx.MatrixProduct;
import io.github.dinosplat.matching.keypoint.Keypoints;
import io.github.dinosplat.scene.FeatureMap;

/**
 * Guides matching by dense features: two keypoints count as less alike when the regions around them look less alike than regions
 * of the two photos can. The likeness of a keypoint of A and one of B is
 *
 * <pre>{@code cos(descriptors) + w (cos(patches) - (bestA + bestB) / 2)}</pre>
 *
 * <p>where the patches are the features at the keypoints, and {@code bestA} is the greatest cosine that the patch of A's keypoint
 * has with any patch of photo B ({@code bestB} likewise). Keypoints in each other's most similar regions are judged by their
 * descriptors as before; others lose the more, the less similar their regions are. So a match has to stand out only among rivals
 * in similar regions. The guided attention of OmniGlue (Jiang et al. 2024) has the same aim, with a network trained for it.
 *
 * <p>It is computed as one dot product of descriptor and patch written one after the other, less a number for each keypoint
 * ({@link DistinctMatcher.Described}).
 */
final class PatchGuidance {

    /**
     * Weight w of the patches. On the 12 WxBS pairs, with the embedded network and a ratio of 0.9, a tenth of the matches are
     * right without patches, and 22 %, 23 % and 22 % with weights of 0.5, 1 and 2.
     */
    private static final float WEIGHT = 1;

    private static final int BLOCK_ROWS = 256;

    /** What guides the keypoints of one photo: patches [n, channels] and what is held against each [n]. */
    private record Side(float[] patches, float[] handicaps) {}

    private final int channels;
    private final Side a;
    private final Side b;

    /**
     * Guidance for two photos.
     *
     * @param product compares patches
     * @param mapA features of the first photo
     * @param a its keypoints
     * @param mapB features of the second photo, of the same network
     * @param b its keypoints
     */
    PatchGuidance(MatrixProduct product, FeatureMap mapA, Keypoints a, FeatureMap mapB, Keypoints b) {
        channels = mapA.channels();
        this.a = side(product, mapA, a, cells(mapB));
        this.b = side(product, mapB, b, cells(mapA));
    }

    private static Side side(MatrixProduct product, FeatureMap map, Keypoints keypoints, float[] others) {
        int size = map.channels();
        int n = keypoints.count();
        int m = others.length / size;
        float[] patches = new float[n * size];
        float[] patch = new float[size];
        for (int i = 0; i < n; i++) {
            map.sample(keypoints.x(i), keypoints.y(i), patch);
            putUnit(patch, patches, i * size);
        }
        float[] handicaps = new float[n];
        float[] block = new float[BLOCK_ROWS * m];
        for (int from = 0; from < n; from += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, n - from);
            product.multiplyTransposed(patches, from, count, others, 0, m, size, block);
            for (int i = 0; i < count; i++) {
                float best = -1;
                for (int j = 0; j < m; j++) {
                    best = Math.max(best, block[i * m + j]);
                }
                handicaps[from + i] = 0.5f * WEIGHT * best;
            }
        }
        return new Side(patches, handicaps);
    }

    /** All patches of a photo at length 1. */
    private static float[] cells(FeatureMap map) {
        int size = map.channels();
        float[] patch = new float[size];
        float[] out = new float[map.rows() * map.columns() * size];
        for (int i = 0; i < map.rows() * map.columns(); i++) {
            map.copyPatch(i / map.columns(), i % map.columns(), patch);
            putUnit(patch, out, i * size);
        }
        return out;
    }

    private static void putUnit(float[] patch, float[] out, int offset) {
        double square = 0;
        for (float v : patch) {
            square += (double) v * v;
        }
        float scale = (float) (1 / Math.sqrt(Math.max(square, 1e-20)));
        for (int k = 0; k < patch.length; k++) {
            out[offset + k] = scale * patch[k];
        }
    }

    /**
     * The first photo's keypoints with descriptors and patches.
     *
     * @param plain descriptors only; they may come several times, one round of all keypoints after the other
     */
    DistinctMatcher.Described first(DistinctMatcher.Described plain) {
        return described(plain, a);
    }

    /** The second photo's keypoints likewise. */
    DistinctMatcher.Described second(DistinctMatcher.Described plain) {
        return described(plain, b);
    }

    private DistinctMatcher.Described described(DistinctMatcher.Described plain, Side side) {
        int size = plain.size();
        int n = plain.vectors().length / size;
        int known = side.handicaps.length;
        int both = size + channels;
        float[] vectors = new float[n * both];
        float[] handicaps = new float[n];
        float root = (float) Math.sqrt(WEIGHT);
        for (int i = 0; i < n; i++) {
            System.arraycopy(plain.vectors(), i * size, vectors, i * both, size);
            for (int k = 0; k < channels; k++) {
                vectors[i * both + size + k] = root * side.patches[i % known * channels + k];
            }
            handicaps[i] = side.handicaps[i % known];
        }
        return new DistinctMatcher.Described(vectors, both, handicaps);
    }
}
