import static org.lwjgl.util.shaderc.Shaderc.*;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.shaderc.ShadercIncludeResolve;
import org.lwjgl.util.shaderc.ShadercIncludeResult;
import org.lwjgl.util.shaderc.ShadercIncludeResultRelease;

/**
 * Compiles every compute shader below a folder to SPIR-V for Vulkan 1.2: run by the build, no part of the library.
 *
 * <p>{@code NAME.comp} becomes {@code NAME.spv}. The table {@code variants.txt} adds more products of one source, a line
 * each: {@code PRODUCT SOURCE DEFINE=VALUE ...}, both names without extension. Includes are relative to {@code src/main/shaders}.
 * What is newer than everything it could have been made from is left alone.
 */
public final class CompileShaders {

    private final Path sources;
    private final Path products;
    private final Path includes;
    private final List<String> failures = new ArrayList<>();

    private CompileShaders(Path sources, Path products, Path includes) {
        this.sources = sources;
        this.products = products;
        this.includes = includes;
    }

    /** Arguments: folder of the sources, folder for the products, folder to which includes are relative. */
    public static void main(String[] arguments) throws IOException {
        CompileShaders build = new CompileShaders(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        build.compileAll();
        if (!build.failures.isEmpty()) {
            build.failures.forEach(System.err::println);
            System.err.println(build.failures.size() + " shader(s) do not compile");
            System.exit(1);
        }
    }

    private record Variant(String product, String source, List<String> defines) {}

    private void compileAll() throws IOException {
        Map<String, Variant> variants = variants();
        FileTime shared = newestOfAll();
        Set<Path> made = new LinkedHashSet<>();
        List<Variant> stale = new ArrayList<>();
        for (Variant variant : variants.values()) {
            Path product = products.resolve(variant.product() + ".spv");
            made.add(product);
            FileTime source = Files.getLastModifiedTime(sources.resolve(variant.source() + ".comp"));
            if (!Files.exists(product) || older(product, shared) || older(product, source)) {
                stale.add(variant);
            }
        }
        removeOrphans(made);
        if (!stale.isEmpty()) {
            long compiler = shaderc_compiler_initialize();
            try {
                for (Variant variant : stale) {
                    compile(compiler, variant);
                }
            } finally {
                shaderc_compiler_release(compiler);
            }
            System.out.println("Compiled " + (stale.size() - failures.size()) + " of " + variants.size() + " shaders");
        }
    }

    private Map<String, Variant> variants() throws IOException {
        Map<String, Variant> variants = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(sources)) {
            files.filter(file -> file.toString().endsWith(".comp")).sorted().forEach(file -> {
                String name = sources.relativize(file).toString().replace('\\', '/');
                name = name.substring(0, name.length() - ".comp".length());
                variants.put(name, new Variant(name, name, List.of()));
            });
        }
        Path table = sources.resolve("variants.txt");
        if (!Files.exists(table)) {
            return variants;
        }
        Set<String> names = Set.copyOf(variants.keySet());
        int number = 0;
        for (String line : Files.readAllLines(table)) {
            number++;
            String text = line.replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            String[] words = text.split("\\s+");
            if (words.length < 3 || !names.contains(words[1]) || variants.containsKey(words[0])) {
                failures.add(table + ":" + number + ": error: expected PRODUCT SOURCE DEFINE=VALUE ... with a new product"
                        + " and the name of a .comp file but was '" + text + "'");
                continue;
            }
            variants.put(words[0], new Variant(words[0], words[1], Arrays.asList(words).subList(2, words.length)));
        }
        return variants;
    }

    /** Time of the newest file that any shader may depend on: includes, the table, this program. */
    private FileTime newestOfAll() throws IOException {
        FileTime newest = Files.getLastModifiedTime(includes.resolve("../../build/CompileShaders.java"));
        for (Path folder : List.of(includes, sources)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    FileTime time = Files.getLastModifiedTime(file);
                    if (Files.isRegularFile(file) && !file.toString().endsWith(".comp") && time.compareTo(newest) > 0) {
                        newest = time;
                    }
                }
            }
        }
        return newest;
    }

    private static boolean older(Path product, FileTime than) throws IOException {
        return Files.getLastModifiedTime(product).compareTo(than) < 0;
    }

    private void removeOrphans(Set<Path> made) throws IOException {
        if (!Files.isDirectory(products)) {
            return;
        }
        try (Stream<Path> files = Files.walk(products)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".spv") && !made.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private void compile(long compiler, Variant variant) throws IOException {
        Path source = sources.resolve(variant.source() + ".comp");
        long options = shaderc_compile_options_initialize();
        shaderc_compile_options_set_target_env(options, shaderc_target_env_vulkan, shaderc_env_version_vulkan_1_2);
        shaderc_compile_options_set_target_spirv(options, shaderc_spirv_version_1_5);
        // Drivers optimise by themselves; shaderc's optimiser would take the names, by which tests compare, and a
        // hundred times as long on large shaders.
        shaderc_compile_options_set_optimization_level(options, shaderc_optimization_level_zero);
        shaderc_compile_options_set_warnings_as_errors(options);
        for (String define : variant.defines()) {
            String[] parts = define.split("=", 2);
            shaderc_compile_options_add_macro_definition(options, parts[0], parts.length > 1 ? parts[1] : "");
        }
        try (ShadercIncludeResolve resolve = ShadercIncludeResolve.create(this::include);
                ShadercIncludeResultRelease release = ShadercIncludeResultRelease.create(CompileShaders::release)) {
            shaderc_compile_options_set_include_callbacks(options, resolve, release, 0);
            long result = shaderc_compile_into_spv(
                    compiler, Files.readString(source), shaderc_glsl_compute_shader, source.toString(), "main", options);
            try {
                if (shaderc_result_get_compilation_status(result) == shaderc_compilation_status_success) {
                    write(products.resolve(variant.product() + ".spv"), shaderc_result_get_bytes(result));
                } else {
                    failures.add(shaderc_result_get_error_message(result).strip()
                            + (variant.defines().isEmpty() ? "" : " (variant " + variant.product() + ")"));
                }
            } finally {
                shaderc_result_release(result);
            }
        } finally {
            shaderc_compile_options_release(options);
        }
    }

    private static void write(Path product, ByteBuffer words) throws IOException {
        Files.createDirectories(product.getParent());
        try (FileChannel file = FileChannel.open(
                product, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (words.hasRemaining()) {
                file.write(words);
            }
        }
    }

    /** Answers one {@code #include}; a missing file is reported by an empty name with the reason as its text. */
    private long include(long userData, long requested, int type, long requesting, long depth) {
        Path file = includes.resolve(MemoryUtil.memUTF8(requested));
        ShadercIncludeResult result = ShadercIncludeResult.calloc();
        try {
            if (Files.isRegularFile(file)) {
                result.source_name(MemoryUtil.memUTF8(file.toString(), false));
                result.content(MemoryUtil.memUTF8(Files.readString(file), false));
            } else {
                result.source_name(MemoryUtil.memUTF8("", false));
                result.content(MemoryUtil.memUTF8("no file " + file, false));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result.address();
    }

    private static void release(long userData, long address) {
        ShadercIncludeResult result = ShadercIncludeResult.create(address);
        MemoryUtil.memFree(result.source_name());
        MemoryUtil.memFree(result.content());
        result.free();
    }
}
