package io.github.dinosplat.features;

import java.util.Locale;

/**
 * Which of a network's blocks the features are taken from.
 *
 * @param kind the network's own output, a block that fits the network, or a block by its number
 * @param block index of the block from 0, where {@code kind} is {@link Kind#BLOCK}; otherwise 0
 * @param normalised whether the network's final normalisation is done to a block's output, as DINOv3's own
 *     {@code get_intermediate_layers(norm=True)} does; blocks that are not the last have no meaning of their own for it,
 *     but heads trained on such layers expect it
 */
public record Layer(Kind kind, int block, boolean normalised) {

    /** How a layer is chosen. */
    public enum Kind {
        /** What the network gives. */
        FINAL,
        /** The block at three quarters of the depth of a vision transformer of at least 12 blocks, else what it gives. */
        FITTING,
        /** A block by its number. */
        BLOCK
    }

    /** What the network gives: after its last block and the final normalisation. */
    public static final Layer FINAL = new Layer(Kind.FINAL, 0, true);

    /**
     * The layer that suits correspondence and geometry: block 8 of the 12 of ViT-S and B, 17 of 24 of L, 23 of 32 of H+, 29
     * of 40 of 7B (the third of the four layers that DINOv3's own dense heads read, but for L, where RoMa v2 matches with
     * blocks 11 and 17). Small networks, and those whose blocks cannot be made out, give their final output.
     */
    public static final Layer FITTING = new Layer(Kind.FITTING, 0, true);

    private static final int LEAST_DEPTH = 12;
    private static final String RAW = "-raw";

    /**
     * Checks the block.
     *
     * @throws IllegalArgumentException if it is negative, or not 0 where it has no meaning
     */
    public Layer {
        if (block < 0 || (kind != Kind.BLOCK && block != 0)) {
            throw new IllegalArgumentException("block must be 0 or more, and 0 for " + kind + ", but was " + block);
        }
        if (kind != Kind.BLOCK && !normalised) {
            throw new IllegalArgumentException("only a block by its number can be raw, not " + kind);
        }
    }

    /**
     * A block with the final normalisation.
     *
     * @param index index from 0
     * @return layer
     */
    public static Layer block(int index) {
        return new Layer(Kind.BLOCK, index, true);
    }

    /**
     * A block as it is.
     *
     * @param index index from 0
     * @return layer
     */
    public static Layer rawBlock(int index) {
        return new Layer(Kind.BLOCK, index, false);
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param text {@code "final"}, {@code "auto"}, a number such as {@code "8"}, or a number with {@code "-raw"}
     * @return layer
     * @throws IllegalArgumentException if it is none of these
     */
    public static Layer parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.equals("final")) {
            return FINAL;
        }
        if (lower.equals("auto")) {
            return FITTING;
        }
        boolean raw = lower.endsWith(RAW);
        String number = raw ? lower.substring(0, lower.length() - RAW.length()) : lower;
        if (!number.matches("[0-9]{1,4}")) {
            throw new IllegalArgumentException(
                    "layer must be final, auto, a block such as 8, or 8-raw, but was " + text);
        }
        return new Layer(Kind.BLOCK, Integer.parseInt(number), !raw);
    }

    /** The layer that this stands for in a network of so many attention blocks: {@link Kind#FINAL} or {@link Kind#BLOCK}. */
    Layer resolved(int attentionBlocks) {
        if (kind != Kind.FITTING) {
            return this;
        }
        return attentionBlocks < LEAST_DEPTH ? FINAL : block(attentionBlocks * 3 / 4 - 1);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case FINAL -> "final";
            case FITTING -> "auto";
            case BLOCK -> block + (normalised ? "" : RAW);
        };
    }
}
