package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.MappingCamera;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Photo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cameras of a set of photos and which photo has which.
 *
 * @param cameras cameras with what is known of them
 * @param cameraOf for each photo the index of its camera
 */
record SharedCameras(List<MappingCamera> cameras, List<Integer> cameraOf) {

    /** Focal length over the longer side where nothing is known: a lens of 43 mm in 35 mm terms. */
    private static final double GUESSED_FOCAL = 1.2;

    static SharedCameras of(List<Photo> photos, SfmOptions options) {
        List<MappingCamera> cameras = new ArrayList<>();
        List<Integer> cameraOf = new ArrayList<>();
        Map<List<Object>, Integer> byKey = new HashMap<>();
        for (int i = 0; i < photos.size(); i++) {
            Photo photo = photos.get(i);
            Optional<Camera> known = options.intrinsics().flatMap(k -> k.camera(photo));
            List<Object> key = new ArrayList<>(List.of(known));
            key.addAll(key(photo, options.cameraSharing(), i));
            int index = byKey.computeIfAbsent(key, k -> {
                cameras.add(known.map(c -> new MappingCamera(c, options.refineIntrinsics(), false))
                        .orElseGet(() -> guess(photo, options.cameraModel())));
                return cameras.size() - 1;
            });
            cameraOf.add(index);
            if (cameras.get(index).focalGuessed()
                    && photo.metadata().focalPixels().isPresent()) {
                cameras.set(index, guess(photo, options.cameraModel()));
            }
        }
        return new SharedCameras(List.copyOf(cameras), List.copyOf(cameraOf));
    }

    private static List<Object> key(Photo photo, CameraSharing sharing, int index) {
        int slash = photo.name().lastIndexOf('/');
        return switch (sharing) {
            case PHOTO -> List.of(index);
            case FOLDER -> List.of(photo.width(), photo.height(), photo.name().substring(0, Math.max(0, slash)));
            case SINGLE -> List.of(photo.width(), photo.height());
            case AUTO ->
                photo.metadata().cameraKey().isEmpty()
                        ? List.of(photo.width(), photo.height())
                        : List.of(
                                photo.width(),
                                photo.height(),
                                photo.metadata().cameraKey(),
                                photo.metadata().focalMm(),
                                photo.metadata().focalPixels());
        };
    }

    /** A camera of the usual focal length, for a photo of which nothing is known. */
    static Camera guessed(int width, int height) {
        double focal = GUESSED_FOCAL * Math.max(width, height);
        return new Camera(CameraModel.SIMPLE_PINHOLE, width, height, focal, width / 2.0, height / 2.0);
    }

    private static MappingCamera guess(Photo photo, CameraModel model) {
        int longSide = Math.max(photo.width(), photo.height());
        boolean guessed = photo.metadata().focalPixels().isEmpty();
        double focal = photo.metadata().focalPixels().orElse(GUESSED_FOCAL * longSide);
        double[] parameters = new double[model.parameterCount()];
        int c = model.focalCount();
        parameters[0] = focal;
        parameters[c - 1] = focal;
        parameters[c] = photo.width() / 2.0;
        parameters[c + 1] = photo.height() / 2.0;
        return new MappingCamera(new Camera(model, photo.width(), photo.height(), parameters), true, guessed);
    }

    /** The camera by which a photo's matches are verified: none where the focal length is a mere guess. */
    Optional<Camera> forMatching(int photo) {
        MappingCamera camera = cameras.get(cameraOf.get(photo));
        return camera.focalGuessed() ? Optional.empty() : Optional.of(camera.camera());
    }
}
