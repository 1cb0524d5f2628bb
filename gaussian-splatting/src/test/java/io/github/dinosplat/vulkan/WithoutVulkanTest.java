package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one is told on a machine without Vulkan: asked in a process of its own, because a library is loaded once. */
class WithoutVulkanTest {

    /** Says what the survey and the opening of a context answer. */
    public static final class Ask {

        private Ask() {}

        /** No arguments. */
        public static void main(String[] arguments) {
            System.out.println(DeviceSurvey.take().problem().orElse("no problem"));
            try (VulkanContext context = VulkanContext.open(ContextOptions.defaults())) {
                System.out.println("opened " + context.device().name());
            } catch (VulkanUnavailableException e) {
                System.out.println("unavailable: " + e.getMessage());
            }
        }
    }

    @Test
    void aMissingLoaderIsAnAnswer() throws Exception {
        List<String> lines = ask(List.of("-Dorg.lwjgl.vulkan.libname=no-such-library"), Map.of());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("no Vulkan loader").contains("no-such-library");
        assertThat(lines.get(1)).startsWith("unavailable: ").contains("install a graphics driver");
    }

    /** Where there is no loader either, the answer is that one. */
    @Test
    void aMissingDriverIsAnAnswer() throws Exception {
        List<String> lines = ask(
                List.of(),
                Map.of("VK_ICD_FILENAMES", "/no/such/driver.json", "VK_DRIVER_FILES", "/no/such/driver.json"));
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).containsAnyOf("no Vulkan driver answers", "shows no device", "no Vulkan loader");
        assertThat(lines.get(1)).startsWith("unavailable: ");
    }

    private static List<String> ask(List<String> options, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Ask.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output.lines().toList();
    }
}
