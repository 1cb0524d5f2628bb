package io.github.dinosplat.features.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A network in an ONNX file, with tensors of 32-bit or 16-bit floats in and out. One thread per call; any number of threads
 * may call at once.
 */
public final class OnnxModel implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(OnnxModel.class.getName());

    private static final Set<OnnxJavaType> FLOATS =
            EnumSet.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16);

    private final Path file;
    private final ExecutionProvider provider;
    private final OrtSession session;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OnnxModel(Path file, ExecutionProvider provider, OrtSession session) {
        this.file = file;
        this.provider = provider;
        this.session = session;
    }

    /**
     * Opens a model on the processor.
     *
     * @param file an {@code .onnx} file; weights in a file beside it are found
     * @return the model, to be closed
     * @throws IOException if the file cannot be read or ONNX Runtime cannot load it
     */
    public static OnnxModel open(Path file) throws IOException {
        return open(file, List.of(ExecutionProvider.CPU));
    }

    /**
     * Opens a model.
     *
     * @param file an {@code .onnx} file; weights in a file beside it are found
     * @param providers what may compute it, the preferred first; one that is not there is passed over with a line in the log
     * @return the model, to be closed
     * @throws IOException if the file cannot be read, ONNX Runtime cannot load it, or none of the providers is there
     */
    public static OnnxModel open(Path file, List<ExecutionProvider> providers) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such model file; give the path of an .onnx file");
        }
        return open(file, providers, provider -> OrtSessions.open(file, provider));
    }

    /**
     * Opens a network up to one of its blocks. The file stays as it is.
     *
     * @param trunk the network's blocks
     * @param block index of the block, from 0
     * @param finished whether the network's final normalisation is done to the block's output
     * @param providers as in {@link #open(Path, List)}
     * @return a model with the one output {@link Trunk#OUTPUT}, to be closed
     * @throws IOException if ONNX Runtime cannot load it, or none of the providers is there
     * @throws IllegalArgumentException if there is no such block
     */
    public static OnnxModel openBlock(Trunk trunk, int block, boolean finished, List<ExecutionProvider> providers)
            throws IOException {
        GraphCut cut = trunk.cut(block, finished);
        GraphFile source = cut.source();
        return open(source.file(), providers, provider -> OrtSessions.open(cut.model(), source.folder(), provider));
    }

    private interface Opening {
        OrtSession with(ExecutionProvider provider) throws OrtException;
    }

    private static OnnxModel open(Path file, List<ExecutionProvider> providers, Opening opening) throws IOException {
        List<String> absent = new ArrayList<>();
        for (ExecutionProvider provider : providers) {
            try {
                if (!provider.isBuiltIn()) {
                    absent.add(provider + " is not in this build of ONNX Runtime");
                    continue;
                }
                OnnxModel model = new OnnxModel(file, provider, opening.with(provider));
                if (!absent.isEmpty()) {
                    LOG.log(System.Logger.Level.WARNING, () -> String.join("; ", absent) + "; using " + provider);
                }
                return model;
            } catch (OrtException e) {
                if (provider == ExecutionProvider.CPU) {
                    throw new IOException(
                            file + " is not a model that ONNX Runtime can load (" + e.getMessage()
                                    + "); give an .onnx file, with its weights file beside it if it has one",
                            e);
                }
                absent.add(provider + " cannot be used (" + e.getMessage() + ")");
            } catch (LinkageError e) {
                throw new IOException("ONNX Runtime cannot be used on this machine: " + e.getMessage(), e);
            }
        }
        throw new IOException(file + " cannot be run: " + String.join("; ", absent) + "; add cpu to the providers");
    }

    /**
     * What computes the network.
     *
     * @return the first of the wanted providers that was there
     */
    public ExecutionProvider provider() {
        return provider;
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
     * @return the wanted outputs that are tensors of floats, in the order wanted; others are left out
     * @throws IllegalStateException if the network fails on this input, or this is closed
     */
    public List<Tensor> run(String input, float[] values, long[] shape, List<String> outputs) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(Math.multiplyExact(4, values.length))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer()
                .put(0, values);
        return run(input, buffer, shape, Map.of(), outputs);
    }

    /**
     * Runs the network on one tensor, without copying it.
     *
     * @param input name of the input
     * @param values its values, row-major: a direct buffer in native order, all of it
     * @param shape its shape
     * @param masks shapes of further inputs of truth values by name; they are fed with false everywhere
     * @param outputs names of the outputs wanted
     * @return the wanted outputs that are tensors of floats, in the order wanted; others are left out
     * @throws IllegalStateException if the network fails on this input, or this is closed
     */
    public List<Tensor> run(
            String input, FloatBuffer values, long[] shape, Map<String, long[]> masks, List<String> outputs) {
        return run(input, values, shape, masks, Map.of(), outputs);
    }

    /**
     * Runs the network on one tensor, without copying it, and on whole numbers.
     *
     * @param input name of the input
     * @param values its values, row-major: a direct buffer in native order, all of it
     * @param shape its shape
     * @param masks shapes of further inputs of truth values by name; they are fed with false everywhere
     * @param numbers values of further inputs of one 64-bit whole number by name
     * @param outputs names of the outputs wanted
     * @return the wanted outputs that are tensors of floats, in the order wanted; others are left out
     * @throws IllegalStateException if the network fails on this input, or this is closed
     */
    public List<Tensor> run(
            String input,
            FloatBuffer values,
            long[] shape,
            Map<String, long[]> masks,
            Map<String, Long> numbers,
            List<String> outputs) {
        try (Feeds feeds = new Feeds(session)) {
            feeds.addFloats(input, values, shape);
            for (Map.Entry<String, long[]> mask : masks.entrySet()) {
                feeds.addFalses(mask.getKey(), mask.getValue());
            }
            for (Map.Entry<String, Long> number : numbers.entrySet()) {
                feeds.addNumber(number.getKey(), number.getValue());
            }
            try (OrtSession.Result result = session.run(feeds.tensors(), Set.copyOf(outputs))) {
                List<Tensor> tensors = new ArrayList<>();
                for (String name : outputs) {
                    OnnxValue value = result.get(name).orElseThrow();
                    if (value instanceof OnnxTensor t && FLOATS.contains(t.getInfo().type)) {
                        // Of 16-bit tensors this is a copy in 32 bits.
                        FloatBuffer from = t.getFloatBuffer();
                        float[] copy = new float[from.remaining()];
                        from.get(copy);
                        tensors.add(new Tensor(name, t.getInfo().getShape(), copy));
                    }
                }
                return tensors;
            }
        } catch (OrtException e) {
            throw new IllegalStateException(
                    file + " failed on " + input + " " + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    /** Frees the session; a second call does nothing. No run may be under way. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
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
         * Whether it holds floats, of 32 or 16 bits.
         *
         * @return false for any other type
         */
        public boolean isFloat() {
            return FLOATS.stream().anyMatch(t -> type.equals(t.toString()));
        }

        /**
         * Whether it holds truth values.
         *
         * @return false for any other type
         */
        public boolean isBoolean() {
            return type.equals(OnnxJavaType.BOOL.toString());
        }

        /**
         * Whether it holds 64-bit whole numbers.
         *
         * @return false for any other type
         */
        public boolean isWholeNumber() {
            return type.equals(OnnxJavaType.INT64.toString());
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
