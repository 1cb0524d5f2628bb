package io.github.dinosplat.matching;

import io.github.dinosplat.matching.keypoint.KeypointDetector;
import io.github.dinosplat.matching.keypoint.KeypointOptions;
import io.github.dinosplat.matching.keypoint.KeypointSource;
import io.github.dinosplat.matching.sfm.MappingOptions;
import io.github.dinosplat.matching.twoview.MatchOptions;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.io.Intrinsics;
import io.github.dinosplat.scene.io.MaskFolder;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How cameras and points are found from photos.
 *
 * @param intrinsics known intrinsics; kept unless {@code refineIntrinsics}
 * @param refineIntrinsics refine known intrinsics too
 * @param cameraModel model of the cameras whose intrinsics are not known
 * @param cameraSharing which photos share intrinsics
 * @param keypoints how keypoints are found
 * @param pairs which photos are matched with which
 * @param matching how photos are matched
 * @param mapping limits of the mapper
 * @param masks which parts of the photos have no keypoints; empty for none
 * @param keypointSource what finds the keypoints instead of SIFT; empty for SIFT
 * @param threads number of threads; does not change the result
 */
public record SfmOptions(
        Optional<Intrinsics> intrinsics,
        boolean refineIntrinsics,
        CameraModel cameraModel,
        CameraSharing cameraSharing,
        KeypointOptions keypoints,
        PairOptions pairs,
        MatchOptions matching,
        MappingOptions mapping,
        Optional<MaskFolder> masks,
        Optional<KeypointSource> keypointSource,
        int threads) {

    /**
     * Checks the number of threads.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SfmOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
        }
    }

    /**
     * Unknown intrinsics with one radial distortion coefficient, shared by camera; matches completed along the epipolar lines
     * (weak pairs gain several times their matches by it); all processors.
     *
     * @return default options
     */
    public static SfmOptions defaults() {
        return new SfmOptions(
                Optional.empty(),
                false,
                CameraModel.SIMPLE_RADIAL,
                CameraSharing.AUTO,
                KeypointOptions.defaults(),
                PairOptions.defaults(),
                MatchOptions.defaults().withEpipolarSearch(true),
                MappingOptions.defaults(),
                Optional.empty(),
                Optional.empty(),
                Runtime.getRuntime().availableProcessors());
    }

    /**
     * The same with known intrinsics.
     *
     * @param known intrinsics
     * @param refine whether they are refined
     * @return new options
     */
    public SfmOptions withIntrinsics(Intrinsics known, boolean refine) {
        return with(draft -> {
            draft.intrinsics = Optional.of(known);
            draft.refineIntrinsics = refine;
        });
    }

    /**
     * The same with another model and sharing of unknown intrinsics.
     *
     * @param model camera model
     * @param sharing which photos share intrinsics
     * @return new options
     */
    public SfmOptions withCameras(CameraModel model, CameraSharing sharing) {
        return with(draft -> {
            draft.cameraModel = model;
            draft.cameraSharing = sharing;
        });
    }

    /**
     * The same with other keypoints.
     *
     * @param options how keypoints are found
     * @return new options
     */
    public SfmOptions withKeypoints(KeypointOptions options) {
        return with(draft -> draft.keypoints = options);
    }

    /**
     * The same with other pairs.
     *
     * @param options which photos are matched with which
     * @return new options
     */
    public SfmOptions withPairs(PairOptions options) {
        return with(draft -> draft.pairs = options);
    }

    /**
     * The same with another matching.
     *
     * @param options how photos are matched
     * @return new options
     */
    public SfmOptions withMatching(MatchOptions options) {
        return with(draft -> draft.matching = options);
    }

    /**
     * The same with other limits of the mapper.
     *
     * @param options limits
     * @return new options
     */
    public SfmOptions withMapping(MappingOptions options) {
        return with(draft -> draft.mapping = options);
    }

    /**
     * The same with another seed of all random samples.
     *
     * @param seed any number
     * @return new options
     */
    public SfmOptions withSeed(long seed) {
        return withMatching(matching.withSeed(seed)).withMapping(mapping.withSeed(seed));
    }

    /**
     * The same with another number of threads.
     *
     * @param count number of threads
     * @return new options
     */
    public SfmOptions withThreads(int count) {
        return with(draft -> draft.threads = count);
    }

    /**
     * The same with masks.
     *
     * @param folder where the masks are
     * @return new options
     */
    public SfmOptions withMasks(MaskFolder folder) {
        return with(draft -> draft.masks = Optional.of(folder));
    }

    /**
     * The same with other keypoints than SIFT's.
     *
     * @param source what finds them; stays the caller's to close
     * @return new options
     */
    public SfmOptions withKeypointSource(KeypointSource source) {
        return with(draft -> draft.keypointSource = Optional.of(source));
    }

    /**
     * What finds the keypoints.
     *
     * @return the source that was given, else SIFT with these options
     */
    public KeypointSource detector() {
        return keypointSource.orElseGet(() -> new KeypointDetector(keypoints));
    }

    private SfmOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** The components while a changed copy is made: the one place besides the record itself that names all of them. */
    private static final class Draft {
        private Optional<Intrinsics> intrinsics;
        private boolean refineIntrinsics;
        private CameraModel cameraModel;
        private CameraSharing cameraSharing;
        private KeypointOptions keypoints;
        private PairOptions pairs;
        private MatchOptions matching;
        private MappingOptions mapping;
        private Optional<MaskFolder> masks;
        private Optional<KeypointSource> keypointSource;
        private int threads;

        Draft(SfmOptions from) {
            intrinsics = from.intrinsics;
            refineIntrinsics = from.refineIntrinsics;
            cameraModel = from.cameraModel;
            cameraSharing = from.cameraSharing;
            keypoints = from.keypoints;
            pairs = from.pairs;
            matching = from.matching;
            mapping = from.mapping;
            masks = from.masks;
            keypointSource = from.keypointSource;
            threads = from.threads;
        }

        SfmOptions finished() {
            return new SfmOptions(
                    intrinsics,
                    refineIntrinsics,
                    cameraModel,
                    cameraSharing,
                    keypoints,
                    pairs,
                    matching,
                    mapping,
                    masks,
                    keypointSource,
                    threads);
        }
    }
}
