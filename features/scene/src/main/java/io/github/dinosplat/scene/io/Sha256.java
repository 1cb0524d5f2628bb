package io.github.dinosplat.scene.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An incremental SHA-256 of all that was added, one after another and with nothing between. Not for use by several threads.
 */
public final class Sha256 {

    private final MessageDigest digest;

    /** Of nothing yet. */
    public Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The hash of a file's content.
     *
     * @param file a file
     * @return 64 lower-case hexadecimal digits
     * @throws IOException if it cannot be read
     */
    public static String of(Path file) throws IOException {
        return new Sha256().add(file).hex();
    }

    /**
     * Adds a file's content.
     *
     * @param file a file
     * @return this
     * @throws IOException if it cannot be read
     */
    public Sha256 add(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 18];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return this;
    }

    /**
     * Adds a text in UTF-8.
     *
     * @param text a text
     * @return this
     */
    public Sha256 add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Adds bytes.
     *
     * @param bytes bytes
     * @return this
     */
    public Sha256 add(byte[] bytes) {
        digest.update(bytes);
        return this;
    }

    /**
     * Adds what is written to a stream.
     *
     * @return a stream that keeps nothing and need not be closed
     */
    public OutputStream sink() {
        return new DigestOutputStream(OutputStream.nullOutputStream(), digest);
    }

    /**
     * The hash of all that was added. Starts anew after that.
     *
     * @return 32 bytes
     */
    public byte[] bytes() {
        return digest.digest();
    }

    /**
     * The hash of all that was added. Starts anew after that.
     *
     * @return 64 lower-case hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }
}
