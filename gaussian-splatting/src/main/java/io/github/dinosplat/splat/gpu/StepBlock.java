package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.splat.Colour;
import io.github.dinosplat.splat.DepthTarget;
import io.github.dinosplat.splat.LearningRates;
import io.github.dinosplat.splat.OrthographicView;
import io.github.dinosplat.splat.PhotoParameters;
import io.github.dinosplat.splat.PinholeView;
import io.github.dinosplat.splat.RenderOptions;
import io.github.dinosplat.splat.SplatView;
import io.github.dinosplat.splat.StepOptions;
import io.github.dinosplat.splat.TrainingView;
import io.github.dinosplat.splat.ViewPriors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.joml.Vector3dc;

/**
 * What one view and step need, as the shaders read it: {@code Step} of {@code shared/step.glsl}, in the scalar layout.
 *
 * @param view camera
 * @param render what is drawn
 * @param training what is learnt; empty where a picture is only rendered
 */
record StepBlock(SplatView view, RenderOptions render, Optional<Training> training) {

    static final int TILE = 16;

    /** Which word of the block is the number of Gaussians. */
    static final int GAUSSIANS_WORD = 65;

    /** Where the words of what is learnt besides the Gaussians begin, and those of the terms from networks. */
    private static final int LEARNT_WORDS_AT = 66;

    private static final int LEARNT_WORDS = 10;

    /** Bytes of the block. */
    static final int BYTES = 4 * (LEARNT_WORDS_AT + LEARNT_WORDS);

    /** Adam's betas, as in the JVM engine. */
    private static final double BETA1 = 0.9;

    private static final double BETA2 = 0.999;

    /** The map that changes no colour. */
    private static final float[] NO_MAP = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};

    /**
     * The training part.
     *
     * @param photo what is learnt from
     * @param options loss and step sizes
     * @param terms which stages there are
     * @param iteration number of the step, from 1
     * @param photoStep number of the step among those that learn about this photo, from 1; 0 where nothing is learnt
     * @param countedPixels how many pixels of the photo count
     */
    record Training(
            TrainingView photo,
            StepOptions options,
            StepTerms terms,
            long iteration,
            long photoStep,
            long countedPixels) {

        /** What is added to depths before they are inverted, in scene units. */
        double depthOffset() {
            return photo.depth()
                    .filter(d -> terms.knownDepths())
                    .or(photo.priors()::depth)
                    .map(DepthTarget::offset)
                    .orElse(0.0);
        }
    }

    int tilesX() {
        return (view.width() + TILE - 1) / TILE;
    }

    int tilesY() {
        return (view.height() + TILE - 1) / TILE;
    }

    int pixels() {
        return view.width() * view.height();
    }

    /**
     * Writes the block.
     *
     * @param gaussians how many there are
     * @return bytes in native order
     */
    ByteBuffer encode(int gaussians) {
        ByteBuffer out = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
        camera(out);
        out.putInt(render.shDegree());
        Colour background = render.background();
        floats(out, background.red(), background.green(), background.blue());
        if (training.isPresent()) {
            training(out, training.get(), gaussians);
        } else {
            while (out.position() < 4 * (LEARNT_WORDS_AT - 17)) {
                out.putInt(0);
            }
            out.putFloat(1); // no gain
            map(out, NO_MAP);
            out.putFloat(0);
        }
        out.putInt(view instanceof OrthographicView ? 1 : 0)
                .putInt(render.mip() ? 1 : 0)
                .putInt(gaussians);
        learnt(out);
        if (out.hasRemaining()) {
            throw new IllegalStateException("the block has " + out.position() + " bytes, not " + BYTES);
        }
        return out.flip();
    }

    private void camera(ByteBuffer out) {
        double[] r = view.camFromWorld().rotationRowMajor();
        for (double value : r) {
            out.putFloat((float) value);
        }
        Vector3dc t = view.camFromWorld().translation();
        double[] centre = new double[3];
        for (int k = 0; k < 3; k++) {
            centre[k] = -(r[k] * t.x() + r[3 + k] * t.y() + r[6 + k] * t.z());
        }
        for (double value : centre) {
            out.putFloat((float) value);
        }
        for (double value : centre) {
            out.putFloat((float) (value - (float) value));
        }
        if (view instanceof PinholeView pinhole) {
            pinhole(out, pinhole);
        } else if (view instanceof OrthographicView map) {
            floats(out, map.scaleX(), map.scaleY(), map.cx(), map.cy(), 0, 0, 0, 0);
        } else {
            throw new IllegalArgumentException("no projection for " + view);
        }
        out.putInt(view.width()).putInt(view.height()).putInt(tilesX()).putInt(tilesY());
    }

    private static void pinhole(ByteBuffer out, PinholeView view) {
        floats(out, view.fx(), view.fy(), view.cx(), view.cy());
        // The Jacobian's slopes are held within 30 % of half the picture beyond its borders.
        double marginX = 0.15 * view.width() / view.fx();
        double marginY = 0.15 * view.height() / view.fy();
        floats(out, -view.cx() / view.fx() - marginX, -view.cy() / view.fy() - marginY);
        floats(
                out,
                (view.width() - view.cx()) / view.fx() + marginX,
                (view.height() - view.cy()) / view.fy() + marginY);
    }

    private void training(ByteBuffer out, Training t, int gaussians) {
        StepOptions o = t.options();
        LearningRates rates = o.rates();
        double first = correction(BETA1, t.iteration());
        double second = correction(BETA2, t.iteration());
        floats(out, bySimilarity(), (1 - o.ssimWeight()) / (3.0 * Math.max(1, t.countedPixels())));
        for (double rate : new double[] {
            rates.means(),
            rates.logScales(),
            rates.quaternions(),
            rates.logitOpacities(),
            rates.shBase(),
            rates.shRest()
        }) {
            out.putFloat((float) rate * (float) first);
        }
        out.putFloat((float) second);
        floats(out, o.opacityPenalty() / gaussians, o.scalePenalty() / (3.0 * gaussians), o.noise() * rates.means());
        out.putInt((int) o.seed()).putInt((int) (o.seed() >>> 32)).putInt((int) t.iteration());
        out.putInt(t.terms().nearness() ? 1 : 0).putFloat((float) t.depthOffset());
        // A Gaussian is left out where (hash + 0.5) / 2^24 is below the share, hash being an integer of 24 bits.
        out.putInt((int) Math.ceil(o.dropout() * (1 << 24) - 0.5));
        out.putFloat((float) (1 / (1 - o.dropout())));
        map(out, NO_MAP);
        floats(out, t.terms().knownDepths() ? o.depthWeight() / pixels() : 0);
    }

    /** What makes up for the start of a running mean at zero. */
    private static double correction(double beta, long step) {
        return 1 / (1 - Math.pow(beta, step));
    }

    private void learnt(ByteBuffer out) {
        if (training.isEmpty()) {
            while (out.hasRemaining()) {
                out.putInt(0);
            }
            return;
        }
        Training t = training.get();
        LearningRates rates = t.options().rates();
        StepTerms terms = t.terms();
        float ofPhoto = (float) correction(BETA1, Math.max(1, t.photoStep()));
        float ofAll = (float) correction(BETA1, t.iteration());
        out.putInt(terms.learnsPhoto() ? t.photo().photo().getAsInt() : 0);
        out.putFloat(terms.learnsColours() ? (float) rates.colours() * ofPhoto : 0);
        out.putFloat(terms.learnsPose() ? (float) rates.poses() * ofPhoto : 0);
        floats(out, correction(BETA2, Math.max(1, t.photoStep())));
        out.putFloat(terms.learnsBackground() ? (float) rates.background() * ofAll : 0);
        out.putFloat(terms.features() ? (float) rates.features() * ofAll : 0);
        ViewPriors priors = t.photo().priors();
        floats(out, priors.shapeWeight(), priors.normalWeight() / pixels());
        floats(out, priors.featureWeight(), priors.gramWeight());
    }

    /** Factor of the gradient of the similarity; 0 where it has no part in the loss. */
    double bySimilarity() {
        double weight = training.map(t -> t.options().ssimWeight()).orElse(0.0);
        return weight > 0 ? -weight / (3.0 * windows()) : 0;
    }

    /** How many windows of the structural similarity lie inside of the picture. */
    long windows() {
        return (long) (view.width() - 10) * (view.height() - 10);
    }

    private static void map(ByteBuffer out, float[] map) {
        for (int k = 0; k < PhotoParameters.COLOUR_VALUES; k++) {
            out.putFloat(map[k]);
        }
    }

    private static void floats(ByteBuffer out, double... values) {
        for (double value : values) {
            out.putFloat((float) value);
        }
    }
}
