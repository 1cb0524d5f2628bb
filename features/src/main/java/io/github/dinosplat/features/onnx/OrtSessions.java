package io.github.dinosplat.features.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Opens ONNX Runtime sessions with the project's settings. */
final class OrtSessions {

    private OrtSessions() {}

    static OrtEnvironment environment() {
        return Environment.QUIET;
    }

    /** The process's one environment. Its event tracing, which exists on Windows, is off: nothing leaves the machine unasked. */
    private static final class Environment {

        static final OrtEnvironment QUIET = create();

        private static OrtEnvironment create() {
            OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            try {
                environment.setTelemetry(false);
            } catch (OrtException e) {
                throw new IllegalStateException(
                        "ONNX Runtime's telemetry cannot be switched off: " + e.getMessage(), e);
            }
            return environment;
        }
    }

    static OrtSession open(byte[] model) throws OrtException {
        try (OrtSession.SessionOptions options = options()) {
            return environment().createSession(model, options);
        }
    }

    /** By path, so that weights kept in a file beside the model are found and mapped. */
    static OrtSession open(Path model, ExecutionProvider provider) throws OrtException {
        try (OrtSession.SessionOptions options = options()) {
            provider.addTo(options);
            return environment().createSession(model.toString(), options);
        }
    }

    /** A model in memory whose weights may be kept in files of a folder. */
    static OrtSession open(ByteBuffer model, Path weights, ExecutionProvider provider) throws OrtException {
        try (OrtSession.SessionOptions options = options()) {
            options.addConfigEntry("session.model_external_initializers_file_folder_path", weights.toString());
            provider.addTo(options);
            return environment().createSession(model, options);
        }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        // One thread whatever the caller uses: sums then come in one order, and callers bring the parallelism.
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        // Sizes differ from call to call: remembered memory patterns and arenas would only grow.
        options.setMemoryPatternOptimization(false);
        options.setCPUArenaAllocator(false);
        return options;
    }
}
