package io.github.dinosplat.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dinosplat.scene.io.ColmapModel;
import io.github.dinosplat.splat.io.PlyFiles;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README says what is true: its Java example compiles and runs, its links lead somewhere. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("dinosplat.root"));

    @TempDir
    Path temp;

    @Test
    void theExampleCompilesAndRuns() throws Exception {
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(ROOT.resolve("README.md")));
        assertThat(block.find()).isTrue();
        Path source = Files.writeString(temp.resolve("Example.java"), block.group(1));
        compile(source);
        Path out = temp.resolve("out");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {temp.toUri().toURL()}, getClass().getClassLoader())) {
            var main = loader.loadClass("Example").getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            String photos = ROOT.resolve("src/test/resources/caliterra-640").toString();
            main.invoke(null, (Object) new String[] {photos, out.toString(), "5"});
        }
        assertThat(ColmapModel.read(out.resolve("sparse/0")).views()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(PlyFiles.read(out.resolve("splats.ply")).count()).isPositive();
    }

    private static void compile(Path source) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            errors,
                            files,
                            null,
                            List.of(
                                    "-cp",
                                    classPath,
                                    "-d",
                                    source.resolveSibling("").toString()),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(errors.toString()).isTrue();
        }
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
