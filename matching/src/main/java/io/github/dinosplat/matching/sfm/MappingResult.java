package io.github.dinosplat.matching.sfm;

import io.github.dinosplat.scene.Scene;
import java.util.List;

/**
 * What the mapper found.
 *
 * @param models the models, most photos first; their points are grey
 * @param unregistered photos in no model
 * @param notes how the models came about, for a report, e.g. how weak the first pair was
 */
public record MappingResult(List<Scene> models, List<Unregistered> unregistered, List<String> notes) {

    /** Copies the lists. */
    public MappingResult {
        models = List.copyOf(models);
        unregistered = List.copyOf(unregistered);
        notes = List.copyOf(notes);
    }

    /**
     * A photo that is in no model.
     *
     * @param name name of the photo
     * @param reason the limit it failed, with numbers
     */
    public record Unregistered(String name, String reason) {}
}
