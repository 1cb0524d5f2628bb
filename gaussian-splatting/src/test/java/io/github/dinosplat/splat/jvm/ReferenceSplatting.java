package io.github.dinosplat.splat.jvm;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import java.util.Arrays;
import java.util.Comparator;
import org.joml.Vector3d;

/**
 * Gaussian splatting in double by plain loops: every pixel walks over every Gaussian. The oracle of the engines. Follows
 * Kerbl et al. 2023 ("3D Gaussian splatting", eq. 3 to 6) and Ye et al. 2023 ("Mathematical supplement for gsplat"); the
 * gradient walks back to front as there.
 *
 * <p>All gradients here are checked against central differences by ReferenceSplattingTest.
 */
final class ReferenceSplatting {

    final int n;
    final double[] means;
    final double[] logScales;
    final double[] quaternions;
    final double[] logits;
    final double[] sh;
    /** [N, channels]; no channels unless set. */
    double[] features = new double[0];

    int channels;
    int degree = 3;
    /** The depth plane accumulates 1 / (z + nearnessOffset) where that is not negative. */
    double nearnessOffset = -1;

    /** Whether the low-pass dims (Yu et al. 2024, "Mip-Splatting", eq. 9). */
    boolean mip;

    private final boolean perspective;

    private final double fx;
    private final double fy;
    private final double cx;
    private final double cy;
    final int width;
    final int height;
    private final double[] r;
    private final Vector3d t;
    /** Colour behind everything. */
    final double[] background;

    // What the forward pass leaves behind.
    final double[] rgb;
    final double[] depth;
    final double[] alpha;
    double[] featureImage = new double[0];
    private final double[][] mean2d;
    private final double[][] conic;
    private final double[] z;
    private final double[] opacity;

    /** Opacity as it is blended, after the dimming. */
    private final double[] shown;

    private final double[][] colour;
    private final Integer[] order;

    // What the backward pass yields.
    final double[] meansGradient;
    final double[] logScalesGradient;
    final double[] quaternionsGradient;
    final double[] logitsGradient;
    final double[] shGradient;
    double[] featuresGradient = new double[0];

    /** By the 4x4 matrix camera from world, all entries free. */
    double[] viewGradient = new double[16];

    ReferenceSplatting(
            double[] means,
            double[] logScales,
            double[] quaternions,
            double[] logits,
            double[] sh,
            SplatView view,
            double[] background) {
        this.n = logits.length;
        this.means = means.clone();
        this.logScales = logScales.clone();
        this.quaternions = quaternions.clone();
        this.logits = logits.clone();
        this.sh = sh.clone();
        this.perspective = view instanceof PinholeView;
        if (view instanceof PinholeView pinhole) {
            this.fx = pinhole.fx();
            this.fy = pinhole.fy();
            this.cx = pinhole.cx();
            this.cy = pinhole.cy();
        } else {
            OrthographicView parallel = (OrthographicView) view;
            this.fx = parallel.scaleX();
            this.fy = parallel.scaleY();
            this.cx = parallel.cx();
            this.cy = parallel.cy();
        }
        this.width = view.width();
        this.height = view.height();
        this.r = view.camFromWorld().rotationRowMajor();
        this.t = new Vector3d(view.camFromWorld().translation());
        this.background = background.clone();
        this.rgb = new double[width * height * 3];
        this.depth = new double[width * height];
        this.alpha = new double[width * height];
        this.mean2d = new double[n][];
        this.conic = new double[n][];
        this.z = new double[n];
        this.opacity = new double[n];
        this.shown = new double[n];
        this.colour = new double[n][];
        this.order = new Integer[n];
        this.meansGradient = new double[3 * n];
        this.logScalesGradient = new double[3 * n];
        this.quaternionsGradient = new double[4 * n];
        this.logitsGradient = new double[n];
        this.shGradient = new double[48 * n];
    }

    /** The oracle in the state that rendering options ask for. */
    static ReferenceSplatting of(Gaussians g, SplatView view, RenderOptions options) {
        ReferenceSplatting reference = of(g, view, options.background());
        reference.degree = options.shDegree();
        reference.mip = options.mip();
        if (options.features()) {
            reference.channels = g.featureChannels();
            reference.features = doubles(g.features());
        }
        return reference;
    }

    static ReferenceSplatting of(Gaussians g, SplatView view, Colour background) {
        return new ReferenceSplatting(
                doubles(g.means()),
                doubles(g.logScales()),
                doubles(g.quaternions()),
                doubles(g.logitOpacities()),
                doubles(g.sh()),
                view,
                new double[] {background.red(), background.green(), background.blue()});
    }

    private static double[] doubles(float[] values) {
        double[] result = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    // ---- small dense algebra, row-major ----

    private static double[] times(double[] a, double[] b, int rows, int inner, int columns) {
        double[] c = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < inner; k++) {
                    c[i * columns + j] += a[i * inner + k] * b[k * columns + j];
                }
            }
        }
        return c;
    }

    private static double[] transpose(double[] a, int rows, int columns) {
        double[] b = new double[a.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                b[j * rows + i] = a[i * columns + j];
            }
        }
        return b;
    }

    // ---- geometry of one Gaussian ----

    private double[] cameraPoint(int i) {
        double[] p = times(r, Arrays.copyOfRange(means, 3 * i, 3 * i + 3), 3, 3, 1);
        return new double[] {p[0] + t.x, p[1] + t.y, p[2] + t.z};
    }

    private double[] unitQuaternion(int i) {
        double[] q = Arrays.copyOfRange(quaternions, 4 * i, 4 * i + 4);
        double norm = Math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
        for (int k = 0; k < 4; k++) {
            q[k] /= norm;
        }
        return q;
    }

    private static double[] rotation(double[] q) {
        double w = q[0];
        double x = q[1];
        double y = q[2];
        double v = q[3];
        return new double[] {
            1 - 2 * (y * y + v * v),
            2 * (x * y - w * v),
            2 * (x * v + w * y),
            2 * (x * y + w * v),
            1 - 2 * (x * x + v * v),
            2 * (y * v - w * x),
            2 * (x * v - w * y),
            2 * (y * v + w * x),
            1 - 2 * (x * x + y * y)
        };
    }

    private double[] scaleMatrix(int i) {
        double[] s = new double[9];
        for (int k = 0; k < 3; k++) {
            s[4 * k] = Math.exp(logScales[3 * i + k]);
        }
        return s;
    }

    private static double clamp(double value, double low, double high) {
        return Math.min(Math.max(value, low), high);
    }

    private double[] limits() {
        double mx = 0.3 * 0.5 * width / fx;
        double my = 0.3 * 0.5 * height / fy;
        return new double[] {-cx / fx - mx, (width - cx) / fx + mx, -cy / fy - my, (height - cy) / fy + my};
    }

    private double[] jacobian(double[] p) {
        if (!perspective) {
            return new double[] {fx, 0, 0, 0, fy, 0};
        }
        double[] lim = limits();
        double u = clamp(p[0] / p[2], lim[0], lim[1]);
        double v = clamp(p[1] / p[2], lim[2], lim[3]);
        return new double[] {fx / p[2], 0, -fx * u / p[2], 0, fy / p[2], -fy * v / p[2]};
    }

    /** The 2x2 covariance without low-pass: J W Sigma W^T J^T (Kerbl et al. 2023, eq. 5). */
    private double[] covariance2d(double[] jw, double[] sigma) {
        return times(times(jw, sigma, 2, 3, 3), transpose(jw, 2, 3), 2, 3, 2);
    }

    private double[] sigma(int i) {
        double[] m = times(rotation(unitQuaternion(i)), scaleMatrix(i), 3, 3, 3);
        return times(m, transpose(m, 3, 3), 3, 3, 3);
    }

    private double[] direction(int i) {
        if (!perspective) {
            double length = Math.sqrt(r[6] * r[6] + r[7] * r[7] + r[8] * r[8]);
            return new double[] {r[6] / length, r[7] / length, r[8] / length, length};
        }
        double[] c = times(transpose(r, 3, 3), new double[] {t.x, t.y, t.z}, 3, 3, 1);
        double[] d = {means[3 * i] + c[0], means[3 * i + 1] + c[1], means[3 * i + 2] + c[2]};
        double length = Math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        return new double[] {d[0] / length, d[1] / length, d[2] / length, length};
    }

    /** Real spherical harmonics of degree 0 to 3. */
    private static double[] basis(double x, double y, double v) {
        double pi = Math.PI;
        return new double[] {
            Math.sqrt(1 / (4 * pi)),
            -Math.sqrt(3 / (4 * pi)) * y,
            Math.sqrt(3 / (4 * pi)) * v,
            -Math.sqrt(3 / (4 * pi)) * x,
            Math.sqrt(15 / (4 * pi)) * x * y,
            -Math.sqrt(15 / (4 * pi)) * y * v,
            Math.sqrt(5 / (16 * pi)) * (2 * v * v - x * x - y * y),
            -Math.sqrt(15 / (4 * pi)) * x * v,
            Math.sqrt(15 / (16 * pi)) * (x * x - y * y),
            -Math.sqrt(35 / (32 * pi)) * y * (3 * x * x - y * y),
            Math.sqrt(105 / (4 * pi)) * x * y * v,
            -Math.sqrt(21 / (32 * pi)) * y * (4 * v * v - x * x - y * y),
            Math.sqrt(7 / (16 * pi)) * v * (2 * v * v - 3 * x * x - 3 * y * y),
            -Math.sqrt(21 / (32 * pi)) * x * (4 * v * v - x * x - y * y),
            Math.sqrt(105 / (16 * pi)) * v * (x * x - y * y),
            -Math.sqrt(35 / (32 * pi)) * x * (x * x - 3 * y * y)
        };
    }

    private double[] rawColour(int i) {
        double[] d = direction(i);
        double[] y = basis(d[0], d[1], d[2]);
        double[] c = {0.5, 0.5, 0.5};
        for (int k = 0; k < (degree + 1) * (degree + 1); k++) {
            for (int channel = 0; channel < 3; channel++) {
                c[channel] += y[k] * sh[(i * 16 + k) * 3 + channel];
            }
        }
        return c;
    }

    // ---- forward ----

    void forward() {
        for (int i = 0; i < n; i++) {
            order[i] = i;
            double[] p = cameraPoint(i);
            z[i] = p[2];
            double w = perspective ? p[2] : 1;
            mean2d[i] = new double[] {fx * p[0] / w + cx, fy * p[1] / w + cy};
            double[] cov = covariance2d(times(jacobian(p), r, 2, 3, 3), sigma(i));
            double xx = cov[0] + 0.3;
            double yy = cov[3] + 0.3;
            double det = xx * yy - cov[1] * cov[2];
            conic[i] = new double[] {yy / det, -cov[1] / det, xx / det};
            opacity[i] = 1 / (1 + Math.exp(-logits[i]));
            double ratio = (cov[0] * cov[3] - cov[1] * cov[2]) / det;
            shown[i] = mip ? opacity[i] * Math.max(0.005, Math.sqrt(ratio)) : opacity[i];
            double[] raw = rawColour(i);
            colour[i] = new double[] {Math.max(0, raw[0]), Math.max(0, raw[1]), Math.max(0, raw[2])};
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> z[i]));
        featureImage = new double[width * height * channels];
        for (int pixel = 0; pixel < width * height; pixel++) {
            forward(pixel);
        }
    }

    /** How opaque a Gaussian is at a pixel before any bound; nothing before the near plane. */
    private double rawAlpha(int i, int pixel) {
        if (z[i] < 0.01) {
            return 0;
        }
        double dx = pixel % width + 0.5 - mean2d[i][0];
        double dy = pixel / width + 0.5 - mean2d[i][1];
        double[] q = conic[i];
        return shown[i] * Math.exp(-0.5 * (q[0] * dx * dx + q[2] * dy * dy) - q[1] * dx * dy);
    }

    private void forward(int pixel) {
        double through = 1;
        Arrays.fill(rgb, 3 * pixel, 3 * pixel + 3, 0);
        depth[pixel] = 0;
        for (int i : order) {
            double a = Math.min(0.99, rawAlpha(i, pixel));
            if (a < 1.0 / 255) {
                continue;
            }
            if (through * (1 - a) <= 1e-4) {
                break;
            }
            double w = through * a;
            for (int c = 0; c < 3; c++) {
                rgb[3 * pixel + c] += w * colour[i][c];
            }
            for (int c = 0; c < channels; c++) {
                featureImage[channels * pixel + c] += w * features[channels * i + c];
            }
            depth[pixel] += w * (nearnessOffset >= 0 ? 1 / (z[i] + nearnessOffset) : z[i]);
            through *= 1 - a;
        }
        for (int c = 0; c < 3; c++) {
            rgb[3 * pixel + c] += through * background[c];
        }
        alpha[pixel] = 1 - through;
    }

    /**
     * The least relative distance, after the forward pass, of any Gaussian at any pixel to where blending takes another
     * course: alpha to 1/255 and 0.99, what passes to 1e-4, colours to 0.
     */
    double margin() {
        double margin = Double.MAX_VALUE;
        for (int pixel = 0; pixel < width * height; pixel++) {
            double through = 1;
            for (int i : order) {
                double raw = rawAlpha(i, pixel);
                double a = Math.min(0.99, raw);
                margin = Math.min(margin, Math.min(Math.abs(255 * raw - 1), Math.abs(raw / 0.99 - 1)));
                if (a >= 1.0 / 255) {
                    margin = Math.min(margin, Math.abs(through * (1 - a) / 1e-4 - 1));
                    through *= 1 - a;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            for (double c : rawColour(i)) {
                margin = Math.min(margin, Math.abs(c));
            }
        }
        return margin;
    }

    // ---- backward ----

    /** Gradients of the sum of the given weights times the outputs. */
    void backward(double[] byRgb, double[] byDepth, double[] byAlpha, double[] byFeatures) {
        double[][] byMean2d = new double[n][2];
        double[][] byConic = new double[n][3];
        double[] byZ = new double[n];
        double[][] byColour = new double[n][3];
        featuresGradient = new double[n * channels];
        Arrays.fill(logitsGradient, 0);
        Arrays.fill(viewGradient, 0);
        for (int pixel = 0; pixel < width * height; pixel++) {
            backward(pixel, byRgb, byDepth, byAlpha, byFeatures, byMean2d, byConic, byZ, byColour);
        }
        for (int i = 0; i < n; i++) {
            geometry(i, byMean2d[i], byConic[i], byZ[i]);
            colours(i, byColour[i]);
        }
    }

    private void backward(
            int pixel,
            double[] byRgb,
            double[] byDepth,
            double[] byAlpha,
            double[] byFeatures,
            double[][] byMean2d,
            double[][] byConic,
            double[] byZ,
            double[][] byColour) {
        int[] list = new int[n];
        double[] alphas = new double[n];
        double[] before = new double[n];
        int count = 0;
        double through = 1;
        for (int i : order) {
            double a = Math.min(0.99, rawAlpha(i, pixel));
            if (a < 1.0 / 255) {
                continue;
            }
            if (through * (1 - a) <= 1e-4) {
                break;
            }
            list[count] = i;
            alphas[count] = a;
            before[count++] = through;
            through *= 1 - a;
        }
        // What is blended behind the current Gaussian, as the gradient weighs it.
        double behind = 0;
        for (int c = 0; c < 3; c++) {
            behind += through * background[c] * byRgb[3 * pixel + c];
        }
        for (int k = count - 1; k >= 0; k--) {
            int i = list[k];
            double a = alphas[k];
            double w = before[k] * a;
            double value = byDepth[pixel] * (nearnessOffset >= 0 ? 1 / (z[i] + nearnessOffset) : z[i]) + byAlpha[pixel];
            for (int c = 0; c < 3; c++) {
                value += byRgb[3 * pixel + c] * colour[i][c];
                byColour[i][c] += w * byRgb[3 * pixel + c];
            }
            for (int c = 0; c < channels; c++) {
                value += byFeatures[channels * pixel + c] * features[channels * i + c];
                featuresGradient[channels * i + c] += w * byFeatures[channels * pixel + c];
            }
            byZ[i] += w * byDepth[pixel] * (nearnessOffset >= 0 ? -Math.pow(z[i] + nearnessOffset, -2) : 1);
            double byThisAlpha = before[k] * value - behind / (1 - a);
            behind += w * value;
            if (rawAlpha(i, pixel) <= 0.99) {
                double dx = pixel % width + 0.5 - mean2d[i][0];
                double dy = pixel / width + 0.5 - mean2d[i][1];
                double byExponent = -byThisAlpha * a;
                logitsGradient[i] += byThisAlpha * a * (1 - opacity[i]);
                byConic[i][0] += byExponent * dx * dx / 2;
                byConic[i][1] += byExponent * dx * dy;
                byConic[i][2] += byExponent * dy * dy / 2;
                byMean2d[i][0] -= byExponent * (conic[i][0] * dx + conic[i][1] * dy);
                byMean2d[i][1] -= byExponent * (conic[i][1] * dx + conic[i][2] * dy);
            }
        }
    }

    private void geometry(int i, double[] byMean2d, double[] byConic, double byZ) {
        double[] p = cameraPoint(i);
        double[] q = {conic[i][0], conic[i][1], conic[i][1], conic[i][2]};
        double[] byQ = {byConic[0], byConic[1] / 2, byConic[1] / 2, byConic[2]};
        double[] byCov = times(times(q, byQ, 2, 2, 2), q, 2, 2, 2);
        for (int k = 0; k < 4; k++) {
            byCov[k] = -byCov[k];
        }
        double[] jw = times(jacobian(p), r, 2, 3, 3);
        double[] sigma = sigma(i);
        if (mip) {
            compensation(i, covariance2d(jw, sigma), byCov);
        }
        double[] bySigma = times(times(transpose(jw, 2, 3), byCov, 3, 2, 2), jw, 3, 2, 3);
        double[] byJw = times(times(byCov, jw, 2, 2, 3), sigma, 2, 3, 3);
        double[] byJ = times(byJw, transpose(r, 3, 3), 2, 3, 3);
        double[] rotation = rotation(unitQuaternion(i));
        double[] s = scaleMatrix(i);
        double[] m = times(rotation, s, 3, 3, 3);
        double[] byM = times(bySigma, m, 3, 3, 3);
        double[] byRotation = new double[9];
        for (int k = 0; k < 3; k++) {
            double sum = 0;
            for (int row = 0; row < 3; row++) {
                sum += rotation[3 * row + k] * 2 * byM[3 * row + k];
                byRotation[3 * row + k] = 2 * byM[3 * row + k] * s[4 * k];
            }
            logScalesGradient[3 * i + k] = s[4 * k] * sum;
        }
        quaternion(i, byRotation);

        double[] byPoint = perspective
                ? perspective(p, byMean2d, byJ, byZ)
                : new double[] {fx * byMean2d[0], fy * byMean2d[1], byZ};
        double[] byMean = times(transpose(r, 3, 3), byPoint, 3, 3, 1);
        System.arraycopy(byMean, 0, meansGradient, 3 * i, 3);
        double[] byR = times(transpose(jacobian(p), 2, 3), byJw, 3, 2, 3);
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                viewGradient[4 * row + column] += 2 * byR[3 * row + column] + byPoint[row] * means[3 * i + column];
            }
            viewGradient[4 * row + 3] += byPoint[row];
        }
    }

    /** The logarithm of the dimming is half of log det before the low-pass, less half of log det after it. */
    private void compensation(int i, double[] before, double[] byCov) {
        double xx = before[0] + 0.3;
        double yy = before[3] + 0.3;
        double det = before[0] * before[3] - before[1] * before[2];
        double after = xx * yy - before[1] * before[2];
        if (Math.sqrt(det / after) > 0.005) {
            double byLog = logitsGradient[i] / (1 - opacity[i]);
            byCov[0] += byLog / 2 * (before[3] / det - yy / after);
            byCov[1] -= byLog / 2 * (before[1] / det - before[1] / after);
            byCov[2] -= byLog / 2 * (before[1] / det - before[1] / after);
            byCov[3] += byLog / 2 * (before[0] / det - xx / after);
        }
    }

    /** From the gradients by the pixel, the Jacobian and the depth to that by the point in the camera frame. */
    private double[] perspective(double[] p, double[] byMean2d, double[] byJ, double byZ) {
        double[] lim = limits();
        double u = p[0] / p[2];
        double v = p[1] / p[2];
        double j00 = 2 * byJ[0];
        double j02 = 2 * byJ[2];
        double j11 = 2 * byJ[4];
        double j12 = 2 * byJ[5];
        double clampedU = clamp(u, lim[0], lim[1]);
        double clampedV = clamp(v, lim[2], lim[3]);
        double z2 = p[2] * p[2];
        double byU = u == clampedU ? -fx / p[2] * j02 : 0;
        double byV = v == clampedV ? -fy / p[2] * j12 : 0;
        return new double[] {
            byMean2d[0] * fx / p[2] + byU / p[2],
            byMean2d[1] * fy / p[2] + byV / p[2],
            byZ
                    - byMean2d[0] * fx * p[0] / z2
                    - byMean2d[1] * fy * p[1] / z2
                    - j00 * fx / z2
                    - j11 * fy / z2
                    + j02 * fx * clampedU / z2
                    + j12 * fy * clampedV / z2
                    - byU * p[0] / z2
                    - byV * p[1] / z2
        };
    }

    private void quaternion(int i, double[] d) {
        double[] q = unitQuaternion(i);
        double w = q[0];
        double x = q[1];
        double y = q[2];
        double v = q[3];
        double[] g = {
            2 * (-v * d[1] + y * d[2] + v * d[3] - x * d[5] - y * d[6] + x * d[7]),
            2 * (y * d[1] + v * d[2] + y * d[3] - 2 * x * d[4] - w * d[5] + v * d[6] + w * d[7] - 2 * x * d[8]),
            2 * (-2 * y * d[0] + x * d[1] + w * d[2] + x * d[3] + v * d[5] - w * d[6] + v * d[7] - 2 * y * d[8]),
            2 * (-2 * v * d[0] - w * d[1] + x * d[2] + w * d[3] - 2 * v * d[4] + y * d[5] + x * d[6] + y * d[7])
        };
        double norm = 0;
        double along = 0;
        for (int k = 0; k < 4; k++) {
            norm += quaternions[4 * i + k] * quaternions[4 * i + k];
            along += g[k] * q[k];
        }
        for (int k = 0; k < 4; k++) {
            quaternionsGradient[4 * i + k] = (g[k] - along * q[k]) / Math.sqrt(norm);
        }
    }

    /** To the coefficients, and through the viewing direction to the mean (its derivative taken numerically exact). */
    private void colours(int i, double[] byColour) {
        double[] d = direction(i);
        double[] y = basis(d[0], d[1], d[2]);
        double[] raw = rawColour(i);
        double[] weight = new double[16];
        for (int k = 0; k < (degree + 1) * (degree + 1); k++) {
            for (int c = 0; c < 3; c++) {
                if (raw[c] > 0) {
                    shGradient[(i * 16 + k) * 3 + c] = y[k] * byColour[c];
                    weight[k] += sh[(i * 16 + k) * 3 + c] * byColour[c];
                }
            }
        }
        // The basis is a polynomial of degree 3: the five-point central difference is exact but for rounding.
        double[] byDirection = new double[3];
        double h = 0.01;
        for (int axis = 0; axis < 3; axis++) {
            double[] steps = {-2 * h, -h, h, 2 * h};
            double[] factors = {1 / (12 * h), -8 / (12 * h), 8 / (12 * h), -1 / (12 * h)};
            for (int s = 0; s < 4; s++) {
                double[] e = {d[0], d[1], d[2]};
                e[axis] += steps[s];
                double[] moved = basis(e[0], e[1], e[2]);
                for (int k = 0; k < 16; k++) {
                    byDirection[axis] += factors[s] * moved[k] * weight[k];
                }
            }
        }
        double along = byDirection[0] * d[0] + byDirection[1] * d[1] + byDirection[2] * d[2];
        double[] byVector = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            byVector[axis] = (byDirection[axis] - along * d[axis]) / d[3];
        }
        // The viewing direction is the third column of the inverse of the view matrix, the camera centre (which is
        // taken
        // from the mean) its fourth, and d(M^-1) = -M^-1 dM M^-1.
        double[] c = times(transpose(r, 3, 3), new double[] {-t.x, -t.y, -t.z}, 3, 3, 1);
        double[] rg = times(r, byVector, 3, 3, 1);
        double[] rows = {rg[0], rg[1], rg[2], c[0] * byVector[0] + c[1] * byVector[1] + c[2] * byVector[2]};
        double[] columns = perspective ? new double[] {c[0], c[1], c[2], 1} : new double[] {d[0], d[1], d[2], 0};
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                viewGradient[4 * row + column] += (perspective ? 1 : -1) * rows[row] * columns[column];
            }
        }
        if (!perspective) {
            return;
        }
        for (int axis = 0; axis < 3; axis++) {
            meansGradient[3 * i + axis] += byVector[axis];
        }
    }

    /** The gradient by the pose as engines give it: translation and rotation of the camera frame, to first order. */
    double[] poseGradient() {
        double[] m = {r[0], r[1], r[2], t.x, r[3], r[4], r[5], t.y, r[6], r[7], r[8], t.z};
        double[] out = new double[6];
        for (int column = 0; column < 4; column++) {
            for (int k = 0; k < 3; k++) {
                int a = (k + 1) % 3;
                int b = (k + 2) % 3;
                // w x m has -w_k m_b in row a and w_k m_a in row b.
                out[3 + k] += viewGradient[4 * b + column] * m[4 * a + column]
                        - viewGradient[4 * a + column] * m[4 * b + column];
            }
        }
        for (int k = 0; k < 3; k++) {
            out[k] = viewGradient[4 * k + 3];
        }
        return out;
    }
}
