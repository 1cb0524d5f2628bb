package io.github.dinosplat.features.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network in an ONNX file, with float tensors in and out. One thread per call; any number of threads may call at once.
 */
public final class OnnxModel implements AutoCloseable {

    private final Path file;
    private final String sha256;
    private final OrtSession session;

    private OnnxModel(Path file, String sha256, OrtSession session) {
        this.file = file;
        this.sha256 = sha256;
        this.session = session;
    }

    /**
     * Opens a model.
     *
     * @param file an {@code .onnx} file; weights in a file beside it are found
     * @return the model, to be closed
     * @throws IOException if the file cannot be read or ONNX Runtime cannot load it
     */
    public static OnnxModel open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file + ": no such model file; give the path of an .onnx file");
        }
        String sha256 = hash(file);
        try {
            return new OnnxModel(file, sha256, OrtSessions.open(file));
        } catch (OrtException e) {
            throw new IOException(
                    file + " is not a model that ONNX Runtime can load (" + e.getMessage()
                            + "); give an .onnx file, with" + " its weights file beside it if it has one",
                    e);
        } catch (LinkageError e) {
            throw new IOException("ONNX Runtime cannot be used on this machine: " + e.getMessage(), e);
        }
    }

    /**
     * The SHA-256 of the file (not of a weights file beside it).
     *
     * @return lower-case hexadecimal
     */
    public String sha256() {
        return sha256;
    }

    /**
     * What the network reads.
     *
     * @return one entry for each input, in the graph's order
     */
    public List<Port> inputs() {
        try {
            return ports(session.getInputInfo());
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * What the network gives.
     *
     * @return one entry for each output, in the graph's order
     */
    public List<Port> outputs() {
        try {
            return ports(session.getOutputInfo());
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs the network on one tensor.
     *
     * @param input name of the input
     * @param values its values, row-major
     * @param shape its shape
     * @param outputs names of the outputs wanted
     * @return the wanted outputs that are float tensors, in the order wanted; others are left out
     * @throws IllegalStateException if the network fails on this input, or this is closed
     */
    public List<Tensor> run(String input, float[] values, long[] shape, List<String> outputs) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(4, values.length))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(0, values);
        try (OnnxTensor tensor = OnnxTensor.createTensor(OrtSessions.environment(), buffer, shape);
                OrtSession.Result result = session.run(Map.of(input, tensor), Set.copyOf(outputs))) {
            List<Tensor> tensors = new ArrayList<>();
            for (String name : outputs) {
                OnnxValue value = result.get(name).orElseThrow();
                if (value instanceof OnnxTensor t && t.getInfo().type == OnnxJavaType.FLOAT) {
                    FloatBuffer from = t.getFloatBuffer();
                    float[] copy = new float[from.remaining()];
                    from.get(copy);
                    tensors.add(new Tensor(name, t.getInfo().getShape(), copy));
                }
            }
            return tensors;
        } catch (OrtException e) {
            throw new IllegalStateException(
                    file + " failed on " + input + " " + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(file + ": closing failed: " + e.getMessage(), e);
        }
    }

    private static List<Port> ports(Map<String, NodeInfo> infos) {
        List<Port> ports = new ArrayList<>();
        for (NodeInfo info : infos.values()) {
            if (info.getInfo() instanceof TensorInfo t) {
                ports.add(new Port(info.getName(), t.type.toString(), t.getShape()));
            } else {
                ports.add(new Port(info.getName(), "not a tensor", new long[0]));
            }
        }
        return ports;
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                byte[] buffer = new byte[1 << 16];
                while (in.read(buffer) >= 0) {
                    // Reading is what feeds the digest.
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** An input or output of a network. */
    public static final class Port {
        private final String name;
        private final String type;
        private final long[] shape;

        Port(String name, String type, long[] shape) {
            this.name = name;
            this.type = type;
            this.shape = shape;
        }

        /**
         * The tensor's name.
         *
         * @return name in the graph
         */
        public String name() {
            return name;
        }

        /**
         * Whether it holds 32-bit floats.
         *
         * @return false for any other type
         */
        public boolean isFloat() {
            return type.equals(OnnxJavaType.FLOAT.toString());
        }

        /**
         * The declared shape.
         *
         * @return a new array of sizes, -1 where dynamic
         */
        public long[] shape() {
            return shape.clone();
        }

        @Override
        public String toString() {
            return name + " " + type + " " + Arrays.toString(shape);
        }
    }

    /** A float tensor that a network gave. */
    public static final class Tensor {
        private final String name;
        private final long[] shape;
        private final float[] values;

        Tensor(String name, long[] shape, float[] values) {
            this.name = name;
            this.shape = shape;
            this.values = values;
        }

        /**
         * The output's name.
         *
         * @return name in the graph
         */
        public String name() {
            return name;
        }

        /**
         * The shape.
         *
         * @return a new array of sizes
         */
        public long[] shape() {
            return shape.clone();
        }

        /**
         * The values.
         *
         * @return row-major; the caller's own
         */
        public float[] values() {
            return values;
        }

        @Override
        public String toString() {
            return name + " " + Arrays.toString(shape);
        }
    }
}
