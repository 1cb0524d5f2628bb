package io.github.dinosplat.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.dinosplat.samples.run.StageClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private final AtomicLong now = new AtomicLong(1_000_000);

    private ConsoleProgress progress(ConsoleProgress.Style style) {
        return new ConsoleProgress(style, new PrintStream(bytes, true, StandardCharsets.UTF_8), now::get);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void linesShowStartAndEndOfEachStage() {
        ConsoleProgress progress = progress(ConsoleProgress.Style.LINES);
        for (int i = 0; i <= 1000; i++) {
            progress.update("keypoints", i, 1000, "");
        }
        progress.update("splats", 1, 2, "loss 0.1");
        assertThat(text().lines())
                .containsExactly("keypoints 0/1000", "keypoints 1000/1000, 0 s", "splats 1/2, loss 0.1");
    }

    @Test
    void everyJsonLineIsAnObject() throws Exception {
        ConsoleProgress progress = progress(ConsoleProgress.Style.JSON);
        progress.update("splats", 0, 2, "a \"quoted\" detail");
        progress.update("splats", 2, 2, "");
        for (String line : text().lines().toList()) {
            assertThat(new ObjectMapper().readTree(line).isObject()).isTrue();
        }
        assertThat(text()).contains("\"stage\":\"splats\"");
    }

    @Test
    void aTerminalLineIsDrawnInPlaceAndClosedBeforeOtherText() {
        ConsoleProgress progress = progress(ConsoleProgress.Style.TERMINAL);
        progress.update("depth", 1, 4, "");
        progress.endLine();
        assertThat(text()).startsWith("\r").contains("depth", "1/4").endsWith(System.lineSeparator());
    }

    @Test
    void quietIsQuietAndCancellingStops() {
        ConsoleProgress quiet = progress(ConsoleProgress.Style.QUIET);
        quiet.update("depth", 1, 4, "");
        assertThat(text()).isEmpty();
        ConsoleProgress lines = progress(ConsoleProgress.Style.LINES);
        lines.cancel();
        assertThat(lines.isCancelled()).isTrue();
        lines.update("depth", 1, 4, "");
        assertThat(text()).isEmpty();
    }

    @Test
    void timeLeftFollowsThePaceOfThisSitting() {
        ConsoleProgress progress = progress(ConsoleProgress.Style.JSON);
        progress.update("splats", 2000, 3000, "");
        now.addAndGet(1_100);
        progress.update("splats", 2010, 3000, "");
        String last = text().lines().toList().get(1);
        // 10 steps took 1.1 s, 990 are left: the 2,000 steps done before must not count.
        assertThat(last).contains("\"seconds_left\":109");
    }

    @Test
    void durationsRead() {
        assertThat(StageClock.words(42)).isEqualTo("42 s");
        assertThat(StageClock.words(187)).isEqualTo("3 min 07 s");
        assertThat(StageClock.words(3_900)).isEqualTo("1 h 05 min");
    }
}
