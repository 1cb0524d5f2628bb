package io.github.dinosplat.scene;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A photo on disk: where it is, its size and what its metadata say. The pixels are read when needed.
 *
 * @param name path relative to the photo folder, with extension and forward slashes
 * @param path the file
 * @param width width of the stored pixel grid (before any EXIF orientation) in pixels
 * @param height height of the stored pixel grid in pixels
 * @param metadata EXIF and XMP
 */
public record Photo(String name, Path path, int width, int height, PhotoMetadata metadata) {

    /**
     * Photos by their names.
     *
     * @param photos photos, names all different
     * @return a new map
     */
    public static Map<String, Photo> byName(List<Photo> photos) {
        Map<String, Photo> byName = new HashMap<>();
        photos.forEach(photo -> byName.put(photo.name(), photo));
        return byName;
    }

    /**
     * The name without its extension: what files about this photo are called.
     *
     * @return name up to the last dot
     */
    public String stem() {
        return stem(name);
    }

    /**
     * A photo's name without its extension: what files about it are called.
     *
     * @param name name of a photo, as a scene's views have it
     * @return name up to the last dot
     */
    public static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1 ? name.substring(0, dot) : name;
    }
}
