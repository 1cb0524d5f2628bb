package io.github.dinosplat.samples.ablation;

import io.github.dinosplat.splat.train.TrainingTerms;
import java.util.List;

/**
 * A way to train that is compared with others.
 *
 * @param name as in tables
 * @param terms what training asks for
 */
record Variant(String name, TrainingTerms terms) {

    /** What a run is known by: everything that decides its result but the program itself. */
    String run(String set, long seed) {
        return set + " " + terms + " seed " + seed;
    }

    /** One term at a time. */
    static List<Variant> fewViews() {
        TrainingTerms none = TrainingTerms.none();
        TrainingTerms stereo = none.withStereo(true).withDepth(0.1);
        return List.of(
                new Variant("none", none),
                new Variant("stereo", stereo),
                new Variant("patch depths", none.withPatchDepth(true)),
                new Variant("stereo + patch depths", stereo.withPatchDepth(true)),
                new Variant("stereo + features", stereo.withFeatures(0.5)),
                new Variant("stereo + smoothness", stereo.withSmoothness(0.1)),
                new Variant("stereo + normals", stereo.withNormals(0.05)),
                new Variant("prior seeds", none.withPriorSeeds(true)),
                new Variant("features", none.withFeatures(0.5)),
                new Variant("smoothness", none.withSmoothness(0.1)),
                new Variant("stereo + prior seeds", stereo.withPriorSeeds(true)),
                new Variant("stereo + Gram", stereo.withGram(0.1)),
                new Variant("stereo + transient masks", stereo.withTransients(true)),
                new Variant("prior depth", none.withDepth(0.1).withPriorDepth(1)),
                new Variant("shape", none.withShape(0.05)),
                new Variant("normals", none.withNormals(0.05)),
                new Variant("Gram", none.withGram(0.1)),
                new Variant("dropout", none.withDropout(0.1)),
                new Variant("stereo + dropout", stereo.withDropout(0.1)));
    }

    /** With and without masks. */
    static List<Variant> transients() {
        TrainingTerms usual = TrainingTerms.none().withStereo(true).withDepth(0.1);
        return List.of(new Variant("no masks", usual), new Variant("masks", usual.withTransients(true)));
    }
}
