package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.samples.report.ReportPage;
import io.github.dinosplat.scene.Photo;
import io.github.dinosplat.scene.io.AtomicFiles;
import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.scene.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a run tells of itself beside its results: {@code metrics.json}, {@code report.html}, {@code run.json}, and
 * {@code viewer.html} to look at the splats.
 */
final class RunRecords {

    /** Stages in the order in which they run, by the names of their records. */
    private static final List<String> STAGES =
            List.of("cameras", SceneStage.NAME, "depth", "undistort", "splats", SplatFeatureStage.NAME);

    /** The files that are made from the stages' records and files whenever a run ends. */
    static final Set<String> FILES = Set.of("metrics.json", "report.html", "run.json", SplatViewer.FILE);

    private RunRecords() {}

    /**
     * Writes these files from the records of the run's stages.
     *
     * @param run the run's folder, all stages finished
     * @param job what was asked for
     * @param photos the photos, for the report's pictures
     * @param models the models that were used: an array of use, name and sha256
     * @param groundTruth comparison with the truth, of the demo alone
     * @return the metrics
     */
    static ObjectNode write(
            RunFolder run, Job job, List<Photo> photos, ArrayNode models, Optional<ObjectNode> groundTruth)
            throws IOException {
        StageClock clock = new StageClock();
        ObjectNode metrics = metrics(run);
        groundTruth.ifPresent(truth -> metrics.set("ground_truth", truth));
        Json.write(metrics, run.root().resolve("metrics.json"));
        if (metrics.has("splats")) {
            SplatViewer.write(run, ColmapModel.read(run.root().resolve("sparse/0")), photos);
        }
        ObjectNode provenance = provenance(job, models);
        AtomicFiles.writeText(run.root().resolve("report.html"), ReportPage.of(run.root(), provenance, photos));
        clock.stop(((ArrayNode) metrics.path("stages")).addObject().put("name", "report"));
        metrics.put("peak_memory_bytes", StageClock.peakMemoryBytes());
        Json.write(metrics, run.root().resolve("metrics.json"));
        provenance.set("engine", metrics.path("splats").path("engine"));
        provenance.set("device", metrics.path("splats").path("device"));
        provenance.set("notes", notes(run));
        provenance.set("inputs", job.inputs());
        provenance.set("stages", metrics.path("stages"));
        provenance.set("outputs", outputs(run.root()));
        Json.write(provenance, run.root().resolve("run.json"));
        return metrics;
    }

    private static ObjectNode metrics(RunFolder run) throws IOException {
        ObjectNode metrics = Json.object();
        ArrayNode stages = Json.array();
        for (String name : STAGES) {
            Optional<ObjectNode> record = run.record(name);
            if (record.isEmpty()) {
                continue;
            }
            JsonNode parts = record.get().path("stages");
            if (parts.isArray() && !parts.isEmpty()) {
                stages.addAll((ArrayNode) parts);
            } else {
                ObjectNode stage = stages.addObject().put("name", name);
                stage.set("seconds", record.get().path("seconds"));
                stage.set("cpu_seconds", record.get().path("cpu_seconds"));
            }
        }
        run.record("cameras").ifPresent(r -> {
            metrics.set("photos", r.path("counts"));
            if (r.has("sfm")) {
                metrics.set("sfm", r.path("sfm"));
            }
        });
        run.record("depth")
                .ifPresent(r -> metrics.set(
                        "depth",
                        r.retain(Set.of(
                                "maps", "features", "abs_rel_held_out_points", "abs_rel_held_out_blocks", "seconds"))));
        run.record("splats").ifPresent(r -> metrics.set("splats", splats(r)));
        metrics.set("stages", stages);
        return metrics.put("peak_memory_bytes", StageClock.peakMemoryBytes());
    }

    private static ObjectNode splats(ObjectNode record) {
        ((ObjectNode) record.path("held_out")).remove("blurred_ssim");
        return record.retain(Set.of(
                "count",
                "iterations",
                "engine",
                "device",
                "ms_per_iteration",
                "cpu_ms_per_iteration",
                "seconds",
                "held_out",
                "train"));
    }

    private static ObjectNode provenance(Job job, ArrayNode models) {
        ObjectNode node = Json.object()
                .put(
                        "name",
                        String.valueOf(
                                job.target().out().toAbsolutePath().normalize().getFileName()))
                .put("version", Version.text())
                .put(
                        "command_line",
                        "dinosplat " + String.join(" ", job.target().commandLine()))
                .put("seed", job.seed())
                .put("finished", ZonedDateTime.now().format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm")))
                .put(
                        "java",
                        System.getProperty("java.vm.name") + " " + System.getProperty("java.version") + ", "
                                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        node.set("models", models);
        return node;
    }

    /** What a reader of the figures should know besides: how photos were matched, and what the mapping had to say. */
    private static ArrayNode notes(RunFolder run) throws IOException {
        ArrayNode notes = Json.array();
        run.record("cameras").ifPresent(record -> {
            notes.add("matching: " + record.path("matching").asText());
            record.path("notes").forEach(notes::add);
        });
        run.record(SceneStage.NAME).ifPresent(record -> record.path("notes").forEach(notes::add));
        return notes;
    }

    /** SHA-256 of every file of the run but its cache and run.json itself. */
    private static ObjectNode outputs(Path root) throws IOException {
        ObjectNode hashes = Json.object();
        List<Path> files;
        try (Stream<Path> tree = Files.walk(root)) {
            files = tree.filter(Files::isRegularFile)
                    .filter(f -> !f.startsWith(root.resolve("cache")) && !f.equals(root.resolve("run.json")))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            hashes.put(root.relativize(file).toString().replace('\\', '/'), Sha256.of(file));
        }
        return hashes;
    }
}
