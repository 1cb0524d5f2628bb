package io.github.dinosplat.samples.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    @TempDir
    Path temp;

    private static ObjectNode key(String iterations, String photoHash) {
        ObjectNode key = Json.object().put("command", "reconstruct");
        key.set("splats", Json.object().put("iterations", iterations).put("seed", "0"));
        key.set("photos", Json.object().put("a.jpg", photoHash));
        return key;
    }

    private static final String HASH = "ab".repeat(32);

    private void makeRun(Path folder) throws IOException {
        RunFolder.open(folder, key("3000", HASH), false).close();
    }

    @Test
    void aNewAndAnEmptyFolderAreTaken() throws IOException {
        makeRun(temp.resolve("new/deep"));
        Files.createDirectories(temp.resolve("empty"));
        makeRun(temp.resolve("empty"));
        assertThat(temp.resolve("empty/cache/key.json")).exists();
    }

    @Test
    void aFolderWithARunIsRefusedUnlessResumed() throws IOException {
        Path folder = temp.resolve("run");
        try (RunFolder run = RunFolder.open(folder, key("3000", HASH), false)) {
            run.stage("cameras", Json::object);
        }
        assertThatThrownBy(() -> makeRun(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("--resume");
        RunFolder.open(folder, key("3000", HASH), true).close();
    }

    @Test
    void aFolderWithOtherFilesIsRefusedAndLeftAlone() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("holiday"));
        Files.writeString(folder.resolve("diary.txt"), "dear diary");
        for (boolean resume : new boolean[] {false, true}) {
            assertThatThrownBy(() -> RunFolder.open(folder, key("3000", HASH), resume))
                    .hasMessageContaining("not empty");
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
        assertThatThrownBy(() -> makeRun(folder.resolve("diary.txt"))).hasMessageContaining("is a file");
    }

    @Test
    void aRunKilledBeforeItsKeyWasWrittenCanStartOrResume() throws IOException {
        Path folder = temp.resolve("killed");
        Files.createDirectories(folder.resolve("cache/stages"));
        RunFolder.open(folder, key("3000", HASH), true).close();
        Files.delete(folder.resolve("cache/key.json"));
        makeRun(folder);
    }

    @Test
    void aRunThatFinishedNothingLeavesTheFolderToAnyOther() throws IOException {
        Path folder = temp.resolve("failed");
        try (RunFolder run = RunFolder.open(folder, key("3000", HASH), false)) {
            Files.writeString(run.cache("sfm").resolve("keypoints"), "x");
            // Not while it is still at work.
            assertThatThrownBy(() -> RunFolder.open(folder, key("500", HASH), false))
                    .hasMessageContaining("another process");
        }
        makeRun(folder);
        assertThat(folder.resolve("cache/sfm/keypoints")).exists();
        assertThatThrownBy(() -> RunFolder.open(folder, key("500", HASH), true)).hasMessageContaining("cannot resume");
        RunFolder.open(folder, key("500", HASH), false).close();
        assertThat(folder.resolve("cache/sfm")).doesNotExist();
        RunFolder.open(folder, key("500", HASH), true).close();
    }

    @Test
    void aRunThatLeftMoreThanItsCacheIsRefused() throws IOException {
        Path folder = temp.resolve("half");
        makeRun(folder);
        Files.createDirectories(folder.resolve("sparse/0"));
        assertThatThrownBy(() -> RunFolder.open(folder, key("500", HASH), false))
                .hasMessageContaining("--resume");
        assertThat(folder.resolve("cache/key.json")).exists();
    }

    @Test
    void resumingWithOtherOptionsOrPhotosSaysWhatChanged() throws IOException {
        Path folder = temp.resolve("run");
        makeRun(folder);
        assertThatThrownBy(() -> RunFolder.open(folder, key("500", HASH), true))
                .hasMessageContaining("iterations in splats was 3000 and is now 500");
        assertThatThrownBy(() -> RunFolder.open(folder, key("3000", "cd".repeat(32)), true))
                .hasMessageContaining("a.jpg in photos has changed");
        ObjectNode more = key("3000", HASH);
        ((ObjectNode) more.path("photos")).put("b.jpg", HASH);
        assertThatThrownBy(() -> RunFolder.open(folder, more, true)).hasMessageContaining("b.jpg is new in photos");
        ObjectNode other = key("3000", HASH).put("command", "train");
        assertThatThrownBy(() -> RunFolder.open(folder, other, true))
                .hasMessageContaining("command was reconstruct and is now train");
    }

    @Test
    void twoProcessesCannotShareAFolder() throws IOException {
        Path folder = temp.resolve("run");
        try (RunFolder first = RunFolder.open(folder, key("3000", HASH), false)) {
            assertThat(first.root()).isEqualTo(folder);
            assertThatThrownBy(() -> RunFolder.open(folder, key("3000", HASH), true))
                    .hasMessageContaining("another process");
        }
        RunFolder.open(folder, key("3000", HASH), true).close();
    }

    @Test
    void afinishedStageIsNotDoneAgainAndAFailedOneIs() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        try (RunFolder run = RunFolder.open(temp.resolve("run"), key("3000", HASH), false)) {
            assertThatThrownBy(() -> run.stage("cameras", () -> {
                        calls.incrementAndGet();
                        throw new IOException("pulled the plug");
                    }))
                    .hasMessage("pulled the plug");
            assertThat(run.record("cameras")).isEmpty();
            for (int i = 0; i < 2; i++) {
                ObjectNode record = run.stage("cameras", () -> {
                    calls.incrementAndGet();
                    return Json.object().put("points", 12);
                });
                assertThat(record.path("points").asInt()).isEqualTo(12);
                assertThat(record.path("seconds").isNumber()).isTrue();
                assertThat(record.path("cpu_seconds").isNumber()).isTrue();
            }
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void aStageWhoseFilesAreGoneIsDoneAgainAndNoOther() throws IOException {
        Path folder = temp.resolve("run");
        int[] calls = new int[2];
        for (int i = 0; i < 3; i++) {
            try (RunFolder run = RunFolder.open(folder, key("3000", HASH), true)) {
                run.stage("cameras", () -> {
                    calls[0]++;
                    Files.writeString(run.file("sparse/0/cameras.bin"), "cameras");
                    return Json.object();
                });
                run.stage("depth", () -> {
                    calls[1]++;
                    Files.writeString(run.file("depth/a.tif"), "depth");
                    return Json.object();
                });
                Files.writeString(run.file("metrics.json"), "{}");
            }
            Files.delete(folder.resolve("metrics.json"));
            if (i == 1) {
                assertThat(calls).containsExactly(1, 1);
                Files.delete(folder.resolve("sparse/0/cameras.bin"));
            }
        }
        assertThat(calls).containsExactly(2, 1);
        assertThat(folder.resolve("sparse/0/cameras.bin")).hasContent("cameras");
    }

    @Test
    void aFolderIsFilledWholeOrNotAtAll() throws IOException {
        Path fresh = temp.resolve("fresh");
        Path empty = Files.createDirectories(temp.resolve("empty"));
        Path used = Files.createDirectories(temp.resolve("used"));
        Files.writeString(used.resolve("diary.txt"), "dear diary");
        for (Path folder : List.of(fresh, empty, used)) {
            assertThatThrownBy(() -> RunFolder.fill(folder, () -> {
                        Files.createDirectories(folder.resolve("sparse"));
                        Files.writeString(folder.resolve("sparse/a"), "a");
                        throw new IOException("the disk is full");
                    }))
                    .hasMessageContaining(folder.equals(used) ? "not empty" : "full");
        }
        assertThat(fresh).doesNotExist();
        assertThat(empty).isEmptyDirectory();
        assertThat(used.resolve("diary.txt")).exists();
        RunFolder.fill(fresh, () -> Files.createDirectories(fresh.resolve("sparse")));
        assertThat(fresh.resolve("sparse")).exists();
    }

    @Test
    void damagedRecordsAreNamedWithTheRemedy() throws IOException {
        Path folder = temp.resolve("run");
        try (RunFolder run = RunFolder.open(folder, key("3000", HASH), false)) {
            run.stage("cameras", Json::object);
            Files.writeString(folder.resolve("cache/stages/cameras.json"), "{\"files");
            assertThatThrownBy(() -> run.stage("cameras", Json::object))
                    .hasMessageContaining("cameras.json is damaged")
                    .hasMessageContaining("delete it");
        }
        Files.writeString(folder.resolve("cache/key.json"), "[]");
        assertThatThrownBy(() -> RunFolder.open(folder, key("3000", HASH), true))
                .hasMessageContaining("key.json is damaged")
                .hasMessageContaining("choose another folder");
    }

    @Test
    void clearingTouchesNothingButRunsOfThatCommand() throws IOException {
        Path folder = temp.resolve("run");
        makeRun(folder);
        Files.createDirectories(folder.resolve("sparse/0"));
        Files.writeString(folder.resolve("sparse/0/cameras.bin"), "x");
        RunFolder.clear(folder, "demo");
        assertThat(folder.resolve("sparse/0/cameras.bin")).exists();
        RunFolder.clear(folder, "reconstruct");
        assertThat(folder.resolve("sparse")).doesNotExist();
        makeRun(folder);
        Path foreign = Files.createDirectories(temp.resolve("foreign"));
        Files.writeString(foreign.resolve("x"), "x");
        RunFolder.clear(foreign, "demo");
        assertThat(foreign.resolve("x")).exists();
    }
}
