package io.github.dinosplat.features;

/**
 * The forward pass of a vision transformer of DINOv3's kind in double precision and plain loops, readable first: the oracle
 * of the graphs that the tests write. It is itself checked against the official implementation's outputs.
 *
 * <p>Siméoni et al. 2025 (DINOv3), Su et al. 2021 (RoPE), Touvron et al. 2021 (LayerScale), Shazeer 2020 (SwiGLU).
 */
final class ReferenceDino {

    private static final double EPSILON = 1e-5;
    private static final double ROPE_BASE = 100;

    private final DinoWeights w;
    private final int rows;
    private final int columns;
    /** Tokens in all. */
    private final int n;

    private ReferenceDino(DinoWeights weights, int height, int width) {
        w = weights;
        rows = height / weights.patch();
        columns = width / weights.patch();
        n = 1 + weights.registers() + rows * columns;
    }

    /**
     * Every block's tokens.
     *
     * @param planes [3, height, width]
     * @param normalised whether the final normalisation is done to each
     * @return [depth][tokens, dim]
     */
    static double[][] blocks(DinoWeights weights, float[] planes, int height, int width, boolean normalised) {
        ReferenceDino net = new ReferenceDino(weights, height, width);
        double[][] x = net.embed(planes, height, width);
        double[][] out = new double[weights.depth()][];
        for (int b = 0; b < weights.depth(); b++) {
            x = net.block("blocks." + b + ".", x);
            out[b] = flat(normalised ? net.norm("norm", x) : x);
        }
        return out;
    }

    private double[][] embed(float[] planes, int height, int width) {
        int p = w.patch();
        double[][] x = new double[n][w.dim()];
        for (int k = 0; k < w.dim(); k++) {
            x[0][k] = w.get("cls_token")[k];
            for (int r = 0; r < w.registers(); r++) {
                x[1 + r][k] = w.get("storage_tokens")[r * w.dim() + k];
            }
            for (int t = 0; t < rows * columns; t++) {
                double sum = w.get("patch_embed.proj.bias")[k];
                for (int c = 0; c < 3; c++) {
                    for (int i = 0; i < p; i++) {
                        for (int j = 0; j < p; j++) {
                            int y = t / columns * p + i;
                            int z = t % columns * p + j;
                            sum += (double) w.get("patch_embed.proj.weight")[((k * 3 + c) * p + i) * p + j]
                                    * planes[(c * height + y) * width + z];
                        }
                    }
                }
                x[1 + w.registers() + t][k] = sum;
            }
        }
        return x;
    }

    private double[][] block(String name, double[][] x) {
        double[][] y = add(x, attention(name, norm(name + "norm1", x)), w.get(name + "ls1.gamma"));
        return add(y, feedForward(name + "mlp.", norm(name + "norm2", y)), w.get(name + "ls2.gamma"));
    }

    private double[][] attention(String name, double[][] x) {
        int d = w.headDim();
        double[][] qkv =
                linear(x, w.get(name + "attn.qkv.weight"), w.orZero(name + "attn.qkv.bias", 3 * w.dim()), 3 * w.dim());
        double[][] out = new double[n][w.dim()];
        for (int h = 0; h < w.heads(); h++) {
            double[][] q = new double[n][];
            double[][] k = new double[n][];
            for (int t = 0; t < n; t++) {
                q[t] = rotated(slice(qkv[t], h * d, d), t);
                k[t] = rotated(slice(qkv[t], w.dim() + h * d, d), t);
            }
            for (int t = 0; t < n; t++) {
                double[] score = new double[n];
                double most = Double.NEGATIVE_INFINITY;
                for (int s = 0; s < n; s++) {
                    for (int i = 0; i < d; i++) {
                        score[s] += q[t][i] * k[s][i] / Math.sqrt(d);
                    }
                    most = Math.max(most, score[s]);
                }
                double sum = 0;
                for (int s = 0; s < n; s++) {
                    score[s] = Math.exp(score[s] - most);
                    sum += score[s];
                }
                for (int s = 0; s < n; s++) {
                    for (int i = 0; i < d; i++) {
                        out[t][h * d + i] += score[s] / sum * qkv[s][2 * w.dim() + h * d + i];
                    }
                }
            }
        }
        return linear(out, w.get(name + "attn.proj.weight"), w.get(name + "attn.proj.bias"), w.dim());
    }

    /** Rotary position of a patch's query or key: angles of the row, then of the column, twice; halves are rotated. */
    private double[] rotated(double[] v, int token) {
        int t = token - 1 - w.registers();
        if (t < 0) {
            return v;
        }
        int d = v.length;
        double[] at = {2 * (t / columns + 0.5) / rows - 1, 2 * (t % columns + 0.5) / columns - 1};
        double[] out = new double[d];
        for (int i = 0; i < d; i++) {
            int j = i % (d / 2);
            double period = Math.pow(ROPE_BASE, 2.0 * (j % (d / 4)) / (d / 2.0));
            double angle = 2 * Math.PI * at[j / (d / 4)] / period;
            double other = i < d / 2 ? -v[i + d / 2] : v[i - d / 2];
            out[i] = v[i] * Math.cos(angle) + other * Math.sin(angle);
        }
        return out;
    }

    private double[][] feedForward(String name, double[][] x) {
        int h = w.hidden();
        if (w.swiglu()) {
            double[][] a = linear(x, w.get(name + "w1.weight"), w.get(name + "w1.bias"), h);
            double[][] b = linear(x, w.get(name + "w2.weight"), w.get(name + "w2.bias"), h);
            for (int t = 0; t < n; t++) {
                for (int i = 0; i < h; i++) {
                    a[t][i] = a[t][i] / (1 + Math.exp(-a[t][i])) * b[t][i];
                }
            }
            return linear(a, w.get(name + "w3.weight"), w.get(name + "w3.bias"), w.dim());
        }
        double[][] a = linear(x, w.get(name + "fc1.weight"), w.get(name + "fc1.bias"), h);
        for (int t = 0; t < n; t++) {
            for (int i = 0; i < h; i++) {
                a[t][i] = 0.5 * a[t][i] * (1 + erf(a[t][i] / Math.sqrt(2)));
            }
        }
        return linear(a, w.get(name + "fc2.weight"), w.get(name + "fc2.bias"), w.dim());
    }

    private double[][] norm(String name, double[][] x) {
        double[][] out = new double[n][w.dim()];
        for (int t = 0; t < n; t++) {
            double mean = 0;
            double square = 0;
            for (double v : x[t]) {
                mean += v / w.dim();
            }
            for (double v : x[t]) {
                square += (v - mean) * (v - mean) / w.dim();
            }
            for (int k = 0; k < w.dim(); k++) {
                out[t][k] = (x[t][k] - mean) / Math.sqrt(square + EPSILON) * w.get(name + ".weight")[k]
                        + w.get(name + ".bias")[k];
            }
        }
        return out;
    }

    private static double[][] linear(double[][] x, float[] weight, float[] bias, int outputs) {
        double[][] out = new double[x.length][outputs];
        int inputs = x[0].length;
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < outputs; o++) {
                double sum = bias[o];
                for (int i = 0; i < inputs; i++) {
                    sum += weight[o * inputs + i] * x[t][i];
                }
                out[t][o] = sum;
            }
        }
        return out;
    }

    private static double[][] add(double[][] x, double[][] branch, float[] scale) {
        double[][] out = new double[x.length][scale.length];
        for (int t = 0; t < x.length; t++) {
            for (int k = 0; k < scale.length; k++) {
                out[t][k] = x[t][k] + scale[k] * branch[t][k];
            }
        }
        return out;
    }

    private static double[] slice(double[] v, int from, int length) {
        return java.util.Arrays.copyOfRange(v, from, from + length);
    }

    private static double[] flat(double[][] x) {
        return java.util.Arrays.stream(x)
                .flatMapToDouble(java.util.Arrays::stream)
                .toArray();
    }

    /** The error function by its series (Abramowitz and Stegun 7.1.6), or 1 far out. */
    private static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int i = 1; Math.abs(term) > 1e-17; i++) {
            term *= 2 * x * x / (2 * i + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
