package io.github.dinosplat.aerial.geo;

/** What told a georeference which way is up. */
public enum TiltSource {
    /** The GPS heights, which agreed with the cameras' positions. */
    GPS("gps"),
    /** The cameras' attitudes: their gimbals' angles, or photos that were taken upright or straight down. */
    GRAVITY("gravity"),
    /** The plane through most of the sparse points, seen from above. */
    GROUND_PLANE("ground plane");

    private final String label;

    TiltSource(String label) {
        this.label = label;
    }

    /**
     * The name in {@code georef.json}.
     *
     * @return {@code gps}, {@code gravity} or {@code ground plane}
     */
    public String label() {
        return label;
    }
}
