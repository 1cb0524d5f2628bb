package io.github.dinosplat.samples;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.samples.run.StageClock;
import io.github.dinosplat.scene.Progress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Shows progress on a console: one line that is drawn again in place on a terminal, a plain line now and then elsewhere,
 * or one JSON object a line for programs. Every stage that takes long shows the time it has left.
 */
final class ConsoleProgress implements Progress {

    /** How progress is shown. */
    enum Style {
        /** Nothing. */
        QUIET(Long.MAX_VALUE),
        /** One line, drawn again in place. */
        TERMINAL(100),
        /** A line now and then. */
        LINES(15_000),
        /** A JSON object a line. */
        JSON(1_000);

        private final long pauseMillis;

        Style(long pauseMillis) {
            this.pauseMillis = pauseMillis;
        }
    }

    private static final int BAR = 24;

    private final Style style;
    private final PrintStream out;
    private final LongSupplier millis;
    private String stage = "";
    private long stageStart;
    private long firstDone;
    private long lastShown;
    private boolean lineIsOpen;
    private volatile boolean cancelled;

    /**
     * Progress on a stream.
     *
     * @param style how it is shown
     * @param out where to
     */
    ConsoleProgress(Style style, PrintStream out) {
        this(style, out, System::currentTimeMillis);
    }

    ConsoleProgress(Style style, PrintStream out, LongSupplier millis) {
        this.style = style;
        this.out = out;
        this.millis = millis;
    }

    @Override
    public synchronized void update(String newStage, long done, long total, String detail) {
        if (style == Style.QUIET || cancelled) {
            return;
        }
        long now = millis.getAsLong();
        boolean starts = !newStage.equals(stage);
        if (starts) {
            endLine();
            stage = newStage;
            stageStart = now;
            firstDone = done;
        }
        boolean ends = done >= total;
        if (!starts && !ends && now - lastShown < style.pauseMillis) {
            return;
        }
        lastShown = now;
        OptionalLong left = secondsLeft(now, done, total);
        switch (style) {
            case TERMINAL -> {
                out.print("\r" + terminalLine(done, total, detail, left) + "\u001b[K");
                lineIsOpen = true;
                if (ends) {
                    endLine();
                }
            }
            case LINES -> out.println(plainLine(now, done, total, detail, left));
            default -> out.println(json(done, total, detail, left));
        }
        out.flush();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    /** Asks the work to stop and shows nothing from now on. */
    synchronized void cancel() {
        endLine();
        cancelled = true;
    }

    /** Ends the line that is being drawn in place, so that other output starts on its own line. */
    synchronized void endLine() {
        if (lineIsOpen) {
            out.println();
            lineIsOpen = false;
        }
    }

    /** Time left at the pace of this stage since it was first heard of, so that resumed work does not look fast. */
    private OptionalLong secondsLeft(long now, long done, long total) {
        long fresh = done - firstDone;
        long elapsed = now - stageStart;
        if (fresh <= 0 || done >= total || elapsed < 1_000) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.round((double) elapsed * (total - done) / fresh / 1_000));
    }

    private String terminalLine(long done, long total, String detail, OptionalLong left) {
        int filled = total <= 0 ? 0 : (int) Math.min(BAR, BAR * done / total);
        String line = String.format(
                Locale.ROOT,
                "%-12s %s%s %5d/%d%s%s",
                stage,
                "█".repeat(filled),
                "░".repeat(BAR - filled),
                done,
                total,
                left.isPresent() ? "  " + StageClock.words(left.getAsLong()) + " left" : "",
                detail.isEmpty() ? "" : "  " + detail);
        return line.length() > 110 ? line.substring(0, 110) : line;
    }

    private String plainLine(long now, long done, long total, String detail, OptionalLong left) {
        String time = left.isPresent()
                ? ", " + StageClock.words(left.getAsLong()) + " left"
                : done >= total ? ", " + StageClock.words((now - stageStart) / 1_000) : "";
        return stage + " " + done + "/" + total + time + (detail.isEmpty() ? "" : ", " + detail);
    }

    private String json(long done, long total, String detail, OptionalLong left) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("stage", stage)
                .put("done", done)
                .put("total", total);
        left.ifPresent(s -> node.put("seconds_left", s));
        return (detail.isEmpty() ? node : node.put("detail", detail)).toString();
    }
}
