package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.PinholeView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.joml.Vector3dc;

/**
 * A page that shows splats in a browser: one HTML file with everything inside, the splats as SPZ, the program, the style;
 * it asks the network for nothing. It starts from the first camera and offers a list of the others; an address that ends in
 * {@code #camera=NAME} starts from that one, {@code #ui=off} shows the picture alone.
 */
public final class ViewerPage {

    private ViewerPage() {}

    /**
     * Writes a page. The same arguments give the same bytes on the same Java runtime.
     *
     * @param splats splats; quantised as SPZ does
     * @param title the page's title
     * @param cameras where the viewer can go; if empty it looks at the splats from a distance
     * @param up a vector that points up in the world, of any length but zero
     * @param out receives the page in UTF-8; left open
     * @throws IOException if the stream can't be written or a coordinate is too large for SPZ
     */
    public static void write(
            StoredSplats splats, String title, List<ViewerCamera> cameras, Vector3dc up, OutputStream out)
            throws IOException {
        String page = resource("viewer.html")
                .replace("@title@", escaped(title))
                .replace("@style@", resource("viewer.css"))
                .replace("@script@", resource("viewer.js"));
        int scene = page.indexOf("@scene@");
        int data = page.indexOf("@splats@");
        text(page.substring(0, scene), out);
        text(scene(cameras, up), out);
        text(page.substring(scene + "@scene@".length(), data), out);
        OutputStream base64 = Base64.getEncoder().wrap(new Unclosed(out));
        SpzWriter.write(splats, title, base64);
        base64.close();
        text(page.substring(data + "@splats@".length()), out);
    }

    private static void text(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ViewerPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException(name + " is missing from the program's own files; build again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String scene(List<ViewerCamera> cameras, Vector3dc up) {
        StringJoiner all = new StringJoiner(",\n", "[", "]");
        for (ViewerCamera camera : cameras) {
            PinholeView v = camera.view();
            StringJoiner rotation = new StringJoiner(",");
            for (double value : v.camFromWorld().rotationRowMajor()) {
                rotation.add(String.valueOf(value));
            }
            Vector3dc t = v.camFromWorld().translation();
            all.add("{\"name\":" + quoted(camera.name()) + ",\"w\":" + v.width() + ",\"h\":" + v.height() + ",\"fx\":"
                    + v.fx() + ",\"fy\":" + v.fy() + ",\"cx\":" + v.cx() + ",\"cy\":" + v.cy() + ",\"r\":[" + rotation
                    + "],\"t\":[" + t.x() + "," + t.y() + "," + t.z() + "]}");
        }
        return "{\"up\":[" + up.x() + "," + up.y() + "," + up.z() + "],\"cameras\":" + all + "}";
    }

    /** A JSON string that is safe inside a script element. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c > '~') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("@", "&#64;");
    }

    /** The encoder's end must not be the page's. */
    private static final class Unclosed extends OutputStream {

        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }
    }
}
