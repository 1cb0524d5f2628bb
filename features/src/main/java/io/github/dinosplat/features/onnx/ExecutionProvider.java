package io.github.dinosplat.features.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What ONNX Runtime computes with. Only {@link #CPU} has been run by this project; the others are handed to ONNX Runtime as
 * they are, where its native library has them. They may give slightly other numbers from machine to machine.
 */
public enum ExecutionProvider {
    /** The processor: in every build of ONNX Runtime. */
    CPU(OrtProvider.CPU),
    /** NVIDIA, through {@code onnxruntime_gpu} in place of {@code onnxruntime}, CUDA 12 and cuDNN 9. */
    CUDA(OrtProvider.CUDA),
    /** NVIDIA's TensorRT, likewise. */
    TENSORRT(OrtProvider.TENSOR_RT),
    /** Apple's Core ML, in the macOS build. */
    COREML(OrtProvider.CORE_ML),
    /** DirectX 12 on Windows, with a native library of one's own. */
    DIRECTML(OrtProvider.DIRECT_ML),
    /** WebGPU, over Vulkan, Metal or DirectX, with a native library of one's own. */
    WEBGPU(OrtProvider.WEBGPU),
    /** Intel's OpenVINO, with a native library of one's own. */
    OPENVINO(OrtProvider.OPEN_VINO),
    /** XNNPACK's kernels for the processor. */
    XNNPACK(OrtProvider.XNNPACK);

    private final OrtProvider provider;

    ExecutionProvider(OrtProvider provider) {
        this.provider = provider;
    }

    /**
     * Reads a list such as {@code "cuda,cpu"}.
     *
     * @param names names separated by commas, the preferred one first; case does not matter
     * @return providers in that order
     * @throws IllegalArgumentException if a name is none of theirs
     */
    public static List<ExecutionProvider> parse(String names) {
        List<ExecutionProvider> providers = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            try {
                providers.add(valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "provider must be one of "
                                + Arrays.stream(values())
                                        .map(ExecutionProvider::toString)
                                        .collect(Collectors.joining(", "))
                                + " but was " + name,
                        e);
            }
        }
        return providers;
    }

    /**
     * Whether the ONNX Runtime on this machine was built with it.
     *
     * @return true if it can be tried; its driver may still be missing
     */
    public boolean isBuiltIn() {
        return ai.onnxruntime.OrtEnvironment.getAvailableProviders().contains(provider);
    }

    void addTo(OrtSession.SessionOptions options) throws OrtException {
        switch (this) {
            case CPU -> {}
            case CUDA -> options.addCUDA();
            case TENSORRT -> options.addTensorrt(0);
            case COREML -> options.addCoreML();
            case DIRECTML -> options.addDirectML(0);
            case WEBGPU -> options.addWebGPU(Map.of());
            case OPENVINO -> options.addOpenVINO("");
            case XNNPACK -> options.addXnnpack(Map.of());
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
