package io.github.dinosplat.splat.jvm;

/** Which of the two versions of the inner loops a process uses, and why. Chosen once. */
enum CodePath {
    /** Plain Java. */
    SCALAR,
    /** Vector instructions through {@code jdk.incubator.vector}. */
    VECTOR;

    private static final System.Logger LOG = System.getLogger(CodePath.class.getName());

    private static final CodePath CHOSEN = choose();

    /** The version for this process: vector where the module was added at launch. */
    static CodePath chosen() {
        return CHOSEN;
    }

    private static CodePath choose() {
        boolean present = vectorModuleIsLoaded();
        LOG.log(
                System.Logger.Level.DEBUG,
                () -> present
                        ? "splatting uses vector instructions: jdk.incubator.vector is present"
                        : "splatting uses plain Java: jdk.incubator.vector is absent"
                                + " (launch with --add-modules jdk.incubator.vector)");
        return present ? VECTOR : SCALAR;
    }

    /** Asks for a class, since a module that was loaded after the start does not stand in the boot layer. */
    private static boolean vectorModuleIsLoaded() {
        try {
            Class.forName("jdk.incubator.vector.FloatVector", false, CodePath.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The tile blender of this version. */
    TileBlender blender() {
        return this == VECTOR ? new VectorTileBlender() : new ScalarTileBlender();
    }

    /** The row loops of this version. */
    SsimRows ssimRows() {
        return this == VECTOR ? new VectorSsimRows() : new ScalarSsimRows();
    }

    /** Adam's update of this version in a step, numbered from 1. */
    Adam adam(long iteration) {
        return this == VECTOR ? new VectorAdam(iteration) : new Adam(iteration);
    }

    /** This version in words. */
    String description() {
        return this == VECTOR ? "Java vectors of " + VectorTileBlender.laneCount() + " lanes" : "plain Java";
    }
}
