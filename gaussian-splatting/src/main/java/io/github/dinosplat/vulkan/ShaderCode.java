package io.github.dinosplat.vulkan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Compiled shaders, as the build put them beside the classes. */
final class ShaderCode {

    private static final String FOLDER = "/io/github/dinosplat/shaders/";

    private ShaderCode() {}

    /** The SPIR-V words of a shader in a direct buffer. */
    static ByteBuffer load(String shader) {
        try (InputStream stream = ShaderCode.class.getResourceAsStream(FOLDER + shader + ".spv")) {
            if (stream == null) {
                throw new IllegalArgumentException("shader must be one of those in src/main/shaders but was " + shader);
            }
            byte[] code = stream.readAllBytes();
            return ByteBuffer.allocateDirect(code.length)
                    .order(ByteOrder.nativeOrder())
                    .put(code)
                    .flip();
        } catch (IOException e) {
            throw new UncheckedIOException("shader " + shader + " can't be read; build the module again", e);
        }
    }
}
