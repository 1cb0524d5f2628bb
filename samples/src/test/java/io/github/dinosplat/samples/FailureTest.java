package io.github.dinosplat.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureTest {

    private static String explain(Throwable failure) {
        return Failure.explain(failure, true);
    }

    @Test
    void failuresNameTheFileAndTheRemedy() {
        assertThat(explain(new NoSuchFileException("/a/b"))).isEqualTo("/a/b: there is no such file or folder");
        assertThat(explain(new AccessDeniedException("/a/b"))).contains("/a/b", "permission");
        assertThat(explain(new FileSystemException("/a/b", null, "No space left on device")))
                .contains("disk is full", "/a/b", "--resume");
        assertThat(explain(new IOException("No space left on device"))).contains("disk is full");
        assertThat(Failure.explain(new IOException("No space left on device"), false))
                .contains("start again")
                .doesNotContain("--resume");
        assertThat(explain(new UncheckedIOException(new IOException("x.jpg: truncated"))))
                .isEqualTo("x.jpg: truncated");
        assertThat(explain(new ExecutionException(new OutOfMemoryError("Java heap space"))))
                .contains("not enough memory", "--max-size");
        assertThat(explain(new IllegalArgumentException("holdout keeps out all")))
                .isEqualTo("holdout keeps out all");
        assertThat(explain(new NullPointerException("oops"))).contains("unexpected", "oops", "--debug");
    }

    @Command(name = "hungry")
    private static final class Hungry implements Runnable {
        @Override
        public void run() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void lackOfMemoryIsOneLineToo() {
        StringWriter err = new StringWriter();
        CommandLine line = Dinosplat.commandLine().addSubcommand(new Hungry()).setErr(new PrintWriter(err));
        assertThat(line.execute("hungry")).isEqualTo(1);
        assertThat(err.toString().lines()).singleElement().asString().contains("not enough memory", "-Xmx");
    }

    @Test
    void messagesBecomeOneLine() {
        assertThat(Failure.oneLine(" a\n  b\r\nc ")).isEqualTo("a b c");
    }
}
