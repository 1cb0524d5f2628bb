package io.github.dinosplat.splat.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The head of a PLY file.
 *
 * @param encoding how the values are stored
 * @param elements the elements in file order
 * @param mip whether a comment says that the splats were trained with dimming
 * @param bytes length of the head, with its last line feed
 */
record PlyHeader(Encoding encoding, List<Element> elements, boolean mip, int bytes) {

    /** The comment by which trainers say that splats are to be dimmed where the low-pass widens them. */
    static final String MIP = "SplatRenderMode: mip";

    /** Another one for the same. */
    private static final String ANTIALIASED = "antialiased 1";

    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_PROPERTIES = 4096;

    /** How values are stored. */
    enum Encoding {
        ASCII,
        LITTLE_ENDIAN,
        BIG_ENDIAN;

        ByteOrder byteOrder() {
            return this == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }
    }

    /** Number formats of a property. */
    enum Type {
        INT8(1, "char", "int8"),
        UINT8(1, "uchar", "uint8"),
        INT16(2, "short", "int16"),
        UINT16(2, "ushort", "uint16"),
        INT32(4, "int", "int32"),
        UINT32(4, "uint", "uint32"),
        FLOAT32(4, "float", "float32"),
        FLOAT64(8, "double", "float64");

        private final int bytes;
        private final List<String> names;

        Type(int bytes, String... names) {
            this.bytes = bytes;
            this.names = List.of(names);
        }

        int bytes() {
            return bytes;
        }

        static Type named(Path file, String name) throws IOException {
            for (Type type : values()) {
                if (type.names.contains(name)) {
                    return type;
                }
            }
            throw new IOException(file + ": unknown PLY property type '" + name + "'; export the splats again as PLY");
        }
    }

    /**
     * A property.
     *
     * @param name name
     * @param type number format of its value, or of a list's entries
     * @param isList whether each row has a list of values
     */
    record Property(String name, Type type, boolean isList) {}

    /**
     * An element: a table of rows.
     *
     * @param name name
     * @param count rows
     * @param properties columns
     */
    record Element(String name, long count, List<Property> properties) {

        boolean hasLists() {
            return properties.stream().anyMatch(Property::isList);
        }

        long bytesPerRow() {
            return properties.stream().mapToLong(p -> p.type().bytes()).sum();
        }
    }

    /** Reads the head; leaves the stream at the first byte after it. */
    static PlyHeader read(Path file, InputStream in) throws IOException {
        int[] position = {0};
        if (!"ply".equals(line(file, in, position))) {
            throw new IOException(file + ": not a PLY file (it does not begin with 'ply'); give a 3DGS .ply");
        }
        Encoding encoding = null;
        boolean mip = false;
        List<Element> elements = new ArrayList<>();
        for (String line = line(file, in, position); !line.equals("end_header"); line = line(file, in, position)) {
            String[] words = line.trim().split("\\s+");
            switch (words[0]) {
                case "format" -> encoding = encoding(file, words);
                case "element" -> elements.add(element(file, words));
                case "property" -> addProperty(file, words, elements);
                case "comment" -> mip |= line.contains(MIP) || line.contains(ANTIALIASED);
                case "obj_info", "" -> {}
                default ->
                    throw new IOException(file + ": unexpected line '" + shortened(line)
                            + "' in the PLY head; export the splats again as PLY");
            }
        }
        if (encoding == null) {
            throw new IOException(file + ": the PLY head has no format line; export the splats again as PLY");
        }
        return new PlyHeader(encoding, List.copyOf(elements), mip, position[0]);
    }

    private static String line(Path file, InputStream in, int[] position) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int b = in.read();
            position[0]++;
            if (b < 0 || position[0] > MOST_BYTES) {
                throw new IOException(file + ": the PLY head has no end_header line"
                        + "; the file is damaged or no PLY, export it again");
            }
            if (b == '\n') {
                int end = line.length();
                return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
            }
            line.append((char) b);
        }
    }

    private static Encoding encoding(Path file, String[] words) throws IOException {
        String name = words.length > 1 ? words[1] : "";
        return switch (name) {
            case "ascii" -> Encoding.ASCII;
            case "binary_little_endian" -> Encoding.LITTLE_ENDIAN;
            case "binary_big_endian" -> Encoding.BIG_ENDIAN;
            default ->
                throw new IOException(
                        file + ": unknown PLY format '" + shortened(name) + "'; export it as binary_little_endian");
        };
    }

    private static Element element(Path file, String[] words) throws IOException {
        try {
            long count = Long.parseLong(words[2]);
            if (count >= 0) {
                return new Element(words[1], count, new ArrayList<>());
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // Reported below, with the line.
        }
        throw new IOException(file + ": '" + shortened(String.join(" ", words))
                + "' is no element with a count from 0; export the splats again as PLY");
    }

    private static void addProperty(Path file, String[] words, List<Element> elements) throws IOException {
        boolean list = words.length > 1 && words[1].equals("list");
        if (elements.isEmpty() || words.length != (list ? 5 : 3)) {
            throw new IOException(file + ": unexpected line '" + shortened(String.join(" ", words))
                    + "' in the PLY head; export the splats again as PLY");
        }
        List<Property> properties = elements.get(elements.size() - 1).properties();
        if (properties.size() >= MOST_PROPERTIES) {
            throw new IOException(file + ": more than " + MOST_PROPERTIES + " properties; this is no splat file");
        }
        Type type = Type.named(file, words[list ? 3 : 1]);
        String name = words[list ? 4 : 2];
        if (properties.stream().anyMatch(p -> p.name().equals(name))) {
            throw new IOException(
                    file + ": property " + shortened(name) + " comes twice; export the splats again as PLY");
        }
        properties.add(new Property(name, type, list));
    }

    /** Text from a file that may be anything, fit for a message of one line. */
    private static String shortened(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= 60 ? plain : plain.substring(0, 60) + "...";
    }
}
