package io.github.dinosplat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README says what is true: its Java example is a program that is tested, its links lead somewhere. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("dinosplat.root"));

    /** Which the tests of {@code samples} run. */
    @Test
    void theExampleIsTheSampleProgram() throws Exception {
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(block.find()).isTrue();
        String indented = block.group(1).replaceAll("(?m)^(?=.)", "    ");
        Path programs = ROOT.resolve("samples/src/main/java/io/github/dinosplat/samples/programs");
        assertThat(Files.readString(programs.resolve("PhotosToSplats.java"))).contains(indented);
    }

    @Test
    void linksOfTheDocumentsLeadSomewhere() throws Exception {
        for (String document : List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")) {
            Matcher link =
                    Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)").matcher(Files.readString(ROOT.resolve(document)));
            while (link.find()) {
                assertThat(ROOT.resolve(link.group(1))).as(document).exists();
            }
        }
    }
}
