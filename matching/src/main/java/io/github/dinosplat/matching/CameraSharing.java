package io.github.dinosplat.matching;

/** Which photos share intrinsics. */
public enum CameraSharing {
    /** Photos of the same EXIF camera, focal length and size; without EXIF, of the same size. */
    AUTO,
    /** All photos of the same size. */
    SINGLE,
    /** The photos of a folder that have the same size. */
    FOLDER,
    /** None: every photo has its own. */
    PHOTO
}
