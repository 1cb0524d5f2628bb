package io.github.dinosplat.scene.io;

import io.github.dinosplat.scene.Mask;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.PhotoHeader;
import io.github.dinosplat.scene.PhotoSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Masks of photos as a user gives them: a folder with {@code NAME.png} or, as COLMAP has it, {@code NAME.jpg.png} for a
 * photo {@code NAME.jpg}, folders kept; black is ignored. Photos without a mask count everywhere.
 *
 * @param folder the folder
 */
public record MaskFolder(Path folder) {

    /** How far the shapes of a mask and its photo may differ for one to be the other resized, in pixels. */
    private static final double SHAPE_TOLERANCE = 1.5;

    /**
     * Checks that the masks are for some photos.
     *
     * @param photos the photos that are about to be used
     * @throws IOException if the folder is none, no photo has a mask, or a mask has another shape than its photo; the message
     *     says what to do
     */
    public void requireFor(List<Photo> photos) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException(folder + ": is not a folder: give the folder that has the masks");
        }
        int found = 0;
        for (Photo photo : photos) {
            Optional<Path> file = file(photo);
            if (file.isPresent()) {
                found++;
                PhotoHeader header = PhotoHeader.read(file.get());
                double scale = (double) photo.width() / header.width();
                if (Math.abs(header.height() * scale - photo.height()) > SHAPE_TOLERANCE * Math.max(1, scale)) {
                    throw new IOException(file.get() + ": is " + header.width() + "x" + header.height()
                            + " pixels but its photo is " + photo.width() + "x" + photo.height()
                            + ", which is not the same shape: draw the mask on the photo as stored");
                }
            }
        }
        if (found == 0) {
            throw new IOException(folder + ": has a mask for none of the " + photos.size()
                    + " photos: name them as the photos with .png behind, e.g. "
                    + (photos.isEmpty() ? "0001.jpg" : photos.get(0).name()) + ".png");
        }
    }

    /**
     * The mask's file.
     *
     * @param photo photo
     * @return the file; empty where the photo has no mask
     */
    public Optional<Path> file(Photo photo) {
        return List.of(photo.name() + ".png", photo.stem() + ".png").stream()
                .map(folder::resolve)
                .filter(file -> Files.isRegularFile(file)
                        && !file.toAbsolutePath().equals(photo.path().toAbsolutePath()))
                .findFirst();
    }

    /**
     * The mask of a photo.
     *
     * @param photo photo
     * @return a mask of the photo's size; empty where there is none
     * @throws IOException if the file cannot be read
     */
    public Optional<Mask> mask(Photo photo) throws IOException {
        Optional<Path> file = file(photo);
        return file.isPresent()
                ? Optional.of(Mask.of(ImageFiles.read(file.get())).resized(photo.width(), photo.height()))
                : Optional.empty();
    }

    /**
     * The masks of some photos by their names.
     *
     * @param photos photos
     * @return source that reads from disk each time
     */
    public PhotoSource.Masks of(List<Photo> photos) {
        Map<String, Photo> byName = new HashMap<>();
        photos.forEach(photo -> byName.put(photo.name(), photo));
        return name -> {
            Photo photo = byName.get(name);
            return photo == null ? Optional.empty() : mask(photo);
        };
    }
}
