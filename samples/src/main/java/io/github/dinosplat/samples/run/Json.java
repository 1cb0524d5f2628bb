package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.dinosplat.scene.io.AtomicFiles;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The JSON files of a run: read whole, written whole. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final DefaultPrettyPrinter PRETTY =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** The components of an options record by name, but for those on which results do not depend. */
    static ObjectNode of(Record options, Set<String> except) {
        ObjectNode node = object();
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            if (!except.contains(component.getName())) {
                try {
                    Object value = component.getAccessor().invoke(options);
                    node.put(component.getName(), String.valueOf(value));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("options records have public components", e);
                }
            }
        }
        return node;
    }

    /** Puts a number, or null where it is not finite, which JSON cannot say. */
    static ObjectNode put(ObjectNode node, String key, double value) {
        return Double.isFinite(value) ? node.put(key, value) : node.putNull(key);
    }

    /** A node on one line. */
    static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values always has a text", e);
        }
    }

    static void write(JsonNode node, Path file) throws IOException {
        AtomicFiles.writeText(file, MAPPER.writer(PRETTY).writeValueAsString(node) + "\n");
    }

    static ObjectNode read(Path file) throws IOException {
        try {
            JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged: it is no JSON", e);
        }
        throw new IOException(file + " is damaged: it holds no JSON object");
    }
}
