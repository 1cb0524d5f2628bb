package io.github.dinosplat.matching;

import io.github.dinosplat.matching.sfm.MappingCamera;
import io.github.dinosplat.scene.Camera;
import io.github.dinosplat.scene.CameraModel;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.Scene;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The cameras of a set of photos and which photo has which.
 *
 * @param cameras cameras with what is known of them
 * @param cameraOf for each photo the index of its camera
 */
record SharedCameras(List<MappingCamera> cameras, List<Integer> cameraOf) {

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

    /**
     * The cameras of a scene, kept as they are, and of photos that are added to it: such a photo has the camera of the
     * scene's photos of the same kind where these share one; where they have several, its own, which starts from the first of
     * them.
     *
     * @param scene the scene
     * @param photos the photos of the scene's views in their order, then those that are added
     * @param options which photos share intrinsics, and what is known of those that are added
     */
    static SharedCameras extending(Scene scene, List<Photo> photos, SfmOptions options) {
        int views = scene.views().size();
        List<MappingCamera> cameras = new ArrayList<>();
        scene.cameras().forEach(camera -> cameras.add(new MappingCamera(camera, false, false)));
        List<Integer> cameraOf = new ArrayList<>();
        Map<List<Object>, TreeSet<Integer>> ofKey = new HashMap<>();
        for (int v = 0; v < views; v++) {
            int camera = scene.views().get(v).cameraIndex();
            cameraOf.add(camera);
            ofKey.computeIfAbsent(key(photos.get(v), options.cameraSharing(), v), k -> new TreeSet<>())
                    .add(camera);
        }
        List<Photo> added = photos.subList(views, photos.size());
        SharedCameras own = of(added, options);
        Map<Integer, Integer> indexOf = new HashMap<>();
        for (int i = 0; i < added.size(); i++) {
            Photo photo = added.get(i);
            boolean known = options.intrinsics().flatMap(k -> k.camera(photo)).isPresent();
            TreeSet<Integer> alike = ofKey.get(key(photo, options.cameraSharing(), views + i));
            if (!known && alike != null && alike.size() == 1) {
                cameraOf.add(alike.first());
                continue;
            }
            cameraOf.add(indexOf.computeIfAbsent(own.cameraOf.get(i), c -> {
                cameras.add(
                        known || alike == null
                                ? own.cameras.get(c)
                                : new MappingCamera(scene.cameras().get(alike.first()), true, false));
                return cameras.size() - 1;
            }));
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

    private static MappingCamera guess(Photo photo, CameraModel model) {
        OptionalDouble known = photo.metadata().focalPixels();
        double focal = known.orElse(Camera.guessedFocal(photo.width(), photo.height()));
        return new MappingCamera(Camera.centred(model, photo.width(), photo.height(), focal), true, known.isEmpty());
    }

    /** For each photo the camera by which its matches are verified: none where the focal length is a mere guess. */
    List<Optional<Camera>> forMatching() {
        return cameraOf.stream()
                .map(cameras::get)
                .map(c -> c.focalGuessed() ? Optional.<Camera>empty() : Optional.of(c.camera()))
                .toList();
    }
}
