package io.github.dinosplat.scene.io;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON files of other programs. */
final class JsonFile {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A reconstruction of a thousand photos takes a tenth of this. */
    private static final long MAX_BYTES = 1L << 30;

    private JsonFile() {}

    /** The file's content; the message of a failure names the file. */
    static JsonNode read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + ": is larger than " + (MAX_BYTES >> 20) + " MB: give a smaller scene");
        }
        try {
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (root == null || root.isMissingNode()) {
                throw new IOException(file + ": is empty: export it again");
            }
            return root;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : ": line " + at.getLineNr();
            throw new IOException(file + where + ": is not JSON, or is cut off: export it again", e);
        }
    }

    /** Writes a file atomically; numbers keep all their digits. */
    static void write(JsonNode root, Path file) throws IOException {
        AtomicFiles.write(
                file, out -> out.write(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(root)));
    }

    /** A number that must be there and be finite. */
    static double number(JsonNode node, String what) {
        if (!node.isNumber() || !Double.isFinite(node.asDouble())) {
            throw new IllegalArgumentException(what + " must be a number but was " + abridged(node));
        }
        return node.asDouble();
    }

    private static String abridged(JsonNode node) {
        String text = node.isMissingNode() ? "missing" : node.toString();
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
}
