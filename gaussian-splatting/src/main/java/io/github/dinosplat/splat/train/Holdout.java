package io.github.dinosplat.splat.train;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which photos are kept out of training to judge the result.
 *
 * @param every every how many-th photo sorted by name, starting with the first; 0 for none
 * @param names names of further photos
 */
public record Holdout(int every, List<String> names) {

    /** All photos are trained on. */
    public static final Holdout NONE = new Holdout(0, List.of());

    /**
     * Checks and copies the values.
     *
     * @throws IllegalArgumentException if {@code every} is negative or 1, which would leave nothing to train on
     */
    public Holdout {
        if (every < 0 || every == 1) {
            throw new IllegalArgumentException("holdout must be 0 (none) or at least 2 but was " + every);
        }
        names = List.copyOf(names);
    }

    /**
     * Every k-th photo.
     *
     * @param k 0 for none, or at least 2
     * @return the choice
     */
    public static Holdout every(int k) {
        return new Holdout(k, List.of());
    }

    /**
     * These photos.
     *
     * @param names photo names as in the scene
     * @return the choice
     */
    public static Holdout named(List<String> names) {
        return new Holdout(0, names);
    }

    /**
     * Applies the choice.
     *
     * @param photos names of a scene's photos, in any order
     * @return the held-out ones, sorted by name
     * @throws IllegalArgumentException if a named photo is not among them, or nothing is left to train on
     */
    public Set<String> among(List<String> photos) {
        List<String> sorted = new ArrayList<>(photos);
        sorted.sort(null);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            if ((every > 0 && i % every == 0) || names.contains(sorted.get(i))) {
                chosen.add(sorted.get(i));
            }
        }
        for (String name : names) {
            if (!chosen.contains(name)) {
                throw new IllegalArgumentException("holdout names photo '" + name + "', which is not registered in the"
                        + " scene; its photos are " + sorted.get(0) + " to " + sorted.get(sorted.size() - 1));
            }
        }
        if (chosen.size() == sorted.size()) {
            throw new IllegalArgumentException(
                    "holdout keeps out all " + sorted.size() + " photos; leave at least one to train on");
        }
        return new LinkedHashSet<>(chosen);
    }
}
