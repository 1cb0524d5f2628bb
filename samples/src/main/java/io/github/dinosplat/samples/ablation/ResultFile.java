package io.github.dinosplat.samples.ablation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The finished runs of an experiment, a line each in a text file, so that a stopped experiment goes on. */
final class ResultFile {

    private static final String SEPARATOR = "\t";

    private final Path file;
    private final Map<String, HeldOutScores> finished = new LinkedHashMap<>();

    /**
     * Opens a file, or begins it.
     *
     * @throws IOException if it can't be read
     */
    ResultFile(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.split(SEPARATOR);
                if (parts.length == 4) {
                    finished.put(
                            parts[0],
                            new HeldOutScores(
                                    Double.parseDouble(parts[1]),
                                    Double.parseDouble(parts[2]),
                                    Double.parseDouble(parts[3])));
                }
            }
        }
    }

    /** What a run is known by: everything that decides its result but the program itself. */
    static String key(String set, Variant variant, long seed) {
        return set + " " + variant.terms() + " seed " + seed;
    }

    synchronized Optional<HeldOutScores> of(String key) {
        return Optional.ofNullable(finished.get(key));
    }

    synchronized void add(String key, HeldOutScores scores) throws IOException {
        finished.put(key, scores);
        String line =
                String.format(Locale.ROOT, "%s\t%.4f\t%.5f\t%.5f%n", key, scores.psnr(), scores.ssim(), scores.depth());
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
