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

        private final Map<Boolean, VulkanContext> open = new LinkedHashMap<>();
        private final Map<VulkanContext, Map<String, Integer>> atOpening = new LinkedHashMap<>();

        synchronized VulkanContext get(boolean checkWrites) {
            return open.computeIfAbsent(checkWrites, checked -> {
                VulkanContext context = VulkanContext.open(options(checked));
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

    /** All that the installed layers can check. */
    static ContextOptions options(boolean checkWrites) {
        Set<Validation> validation = VulkanTestDevice.hasValidation()
                ? EnumSet.of(Validation.CORE, Validation.SYNCHRONISATION)
                : EnumSet.noneOf(Validation.class);
        return ContextOptions.defaults().withValidation(validation).withCheckWrites(checkWrites);
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
        return contexts(context).get(parameter.isAnnotated(CheckedWrites.class));
    }

    private static Contexts contexts(ExtensionContext context) {
        return context.getRoot()
                .getStore(SPACE)
                .getOrComputeIfAbsent(Contexts.class, key -> new Contexts(), Contexts.class);
    }
}
