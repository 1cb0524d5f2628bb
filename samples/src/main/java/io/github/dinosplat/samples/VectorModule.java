package io.github.dinosplat.samples;

/**
 * Makes the JVM's vector instructions available to the splat engine. The launcher could ask for the module on the java
 * command line, but then every start prints a warning that nothing silences; loading it here is quiet. Where that is
 * not allowed the engine uses its scalar code and names it in the results.
 */
final class VectorModule {

    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /** Loads the module; call before any class of the splat engine is touched. */
    static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
        } catch (ReflectiveOperationException | RuntimeException e) {
            System.getLogger(VectorModule.class.getName())
                    .log(System.Logger.Level.DEBUG, () -> "no vector module: " + e);
        }
    }
}
