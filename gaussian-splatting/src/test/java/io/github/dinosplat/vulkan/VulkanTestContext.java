package io.github.dinosplat.vulkan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Opens the contexts of {@link VulkanTest}s once in a test run, and looks at them after each test. */
final class VulkanTestContext implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace SPACE = ExtensionContext.Namespace.create(VulkanTestContext.class);

    /** The contexts of this run; closed with JUnit's root. */
    private static final class Contexts implements AutoCloseable {

        private final Map<Use, VulkanContext> open = new LinkedHashMap<>();
        private final Map<VulkanContext, Map<String, Integer>> atOpening = new LinkedHashMap<>();

        synchronized VulkanContext get(Use use) {
            return open.computeIfAbsent(use, wanted -> {
                VulkanContext context = VulkanContext.open(wanted.options());
                atOpening.put(context, context.openHandles());
                return context;
            });
        }

        synchronized void inspect() {
            atOpening.forEach((context, handles) -> {
                List<String> messages = context.drainValidationMessages();
                assertThat(messages).as("validation messages").isEmpty();
                context.await();
                assertThat(context.openHandles()).as("open handles").isEqualTo(handles);
            });
        }

        @Override
        public synchronized void close() {
            for (VulkanContext context : open.values()) {
                context.close();
                assertThat(context.openHandles()).as("handles after closing").isEmpty();
            }
        }
    }

    /** What a context is opened for. */
    private enum Use {
        PLAIN,
        CHECKED_WRITES,
        INSTRUMENTED_SHADERS;

        static Use of(ParameterContext parameter) {
            return parameter.isAnnotated(CheckedWrites.class)
                    ? CHECKED_WRITES
                    : parameter.isAnnotated(InstrumentedShaders.class) ? INSTRUMENTED_SHADERS : PLAIN;
        }

        ContextOptions options() {
            Set<Validation> validation = EnumSet.noneOf(Validation.class);
            if (VulkanTestDevice.hasValidation()) {
                validation.add(Validation.CORE);
                validation.add(this == INSTRUMENTED_SHADERS ? Validation.GPU_ASSISTED : Validation.SYNCHRONISATION);
            }
            return ContextOptions.defaults().withValidation(validation).withCheckWrites(this == CHECKED_WRITES);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        String absence = VulkanTestDevice.absence();
        if (!absence.isEmpty()) {
            Assumptions.abort(absence);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        contexts(context).inspect();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == VulkanContext.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String absence = VulkanTestDevice.absence();
        if (!absence.isEmpty()) {
            return Assumptions.<Object>abort(absence);
        }
        return contexts(context).get(Use.of(parameter));
    }

    private static Contexts contexts(ExtensionContext context) {
        return context.getRoot()
                .getStore(SPACE)
                .getOrComputeIfAbsent(Contexts.class, key -> new Contexts(), Contexts.class);
    }
}
