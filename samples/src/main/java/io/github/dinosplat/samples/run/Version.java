package io.github.dinosplat.samples.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of this build. */
public final class Version {

    private Version() {}

    /**
     * The version as reports name it.
     *
     * @return version, or {@code unknown} where the build did not say
     */
    public static String text() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the version could not be read from the program's own files", e);
        }
        return properties.getProperty("version", "unknown");
    }
}
