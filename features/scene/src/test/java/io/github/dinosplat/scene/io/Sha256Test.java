package io.github.dinosplat.scene.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {

    /** FIPS 180-2, appendix B.1: of "abc". */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path temp;

    @Test
    void ofFilesTextsAndBytesIsOfOneAfterAnother() throws IOException {
        Path file = Files.writeString(temp.resolve("abc"), "abc");
        assertThat(Sha256.of(file)).isEqualTo(ABC);

        Path end = Files.writeString(temp.resolve("c"), "c");
        assertThat(new Sha256().add("a").add(new byte[] {'b'}).add(end).hex()).isEqualTo(ABC);
        assertThat(new Sha256().add("ac").add("b").hex()).isNotEqualTo(ABC);
    }

    @Test
    void countsWhatIsWrittenToItsSink() throws IOException {
        Sha256 hash = new Sha256();
        try (DataOutputStream out = new DataOutputStream(hash.sink())) {
            out.writeBytes("abc");
        }
        assertThat(hash.hex()).isEqualTo(ABC);
    }
}
