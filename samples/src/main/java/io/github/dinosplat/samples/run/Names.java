package io.github.dinosplat.samples.run;

/** Names of photos and of the files about them. */
final class Names {

    private Names() {}

    /** A photo's name without its extension: what files about it are called. */
    static String stem(String photoName) {
        int dot = photoName.lastIndexOf('.');
        return dot > photoName.lastIndexOf('/') + 1 ? photoName.substring(0, dot) : photoName;
    }
}
