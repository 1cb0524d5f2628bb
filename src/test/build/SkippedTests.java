import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sums up a build's test reports: how many tests ran, and how many were skipped for want of real photos or of a Vulkan
 * driver. Started by Maven as a single source file; arguments are the root folder and the time at which the build began.
 */
public final class SkippedTests {

    private static final Pattern SUITE = Pattern.compile("<testsuite\\b[^>]*?\\btests=\"(\\d+)\"", Pattern.DOTALL);
    private static final Pattern SKIPPED = Pattern.compile("<skipped(?:\\s+message=\"([^\"]*)\")?");

    private SkippedTests() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Instant start = Instant.parse(arguments[1]).minusSeconds(1);
        int tests = 0;
        int data = 0;
        int vulkan = 0;
        int other = 0;
        for (Path report : reports(root, start)) {
            String xml = Files.readString(report);
            Matcher suite = SUITE.matcher(xml);
            tests += suite.find() ? Integer.parseInt(suite.group(1)) : 0;
            Matcher skipped = SKIPPED.matcher(xml);
            while (skipped.find()) {
                String reason = String.valueOf(skipped.group(1));
                if (reason.contains("no real photos")) {
                    data++;
                } else if (reason.toLowerCase().contains("vulkan")) {
                    vulkan++;
                } else {
                    other++;
                }
            }
        }
        System.out.println("Tests: " + tests + " in all modules" + (other > 0 ? ", " + other + " skipped for other reasons" : ""));
        System.out.println("Tests skipped for want of real photos (-Ddinosplat.data): " + data);
        System.out.println("Tests skipped for want of a Vulkan driver: " + vulkan);
    }

    private static List<Path> reports(Path root, Instant start) throws IOException {
        try (Stream<Path> files = Files.find(
                root,
                8,
                (path, attributes) -> path.getFileName().toString().matches("TEST-.*\\.xml")
                        && path.getParent().endsWith("surefire-reports")
                        && !attributes.lastModifiedTime().toInstant().isBefore(start))) {
            return files.sorted().toList();
        }
    }
}
