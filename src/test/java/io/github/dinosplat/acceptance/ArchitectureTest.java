package io.github.dinosplat.acceptance;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.github.dinosplat.splat.SplatEngine;
import java.util.List;
import java.util.stream.Stream;

/** The arrows between modules and the house rules that a compiler does not check. */
@AnalyzeClasses(packages = "io.github.dinosplat", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.dinosplat.";

    /** Types of other libraries that no caller of ours should have to know. */
    private static final List<String> HIDDEN =
            List.of("org.ejml.", "boofcv.", "georegression.", "ai.onnxruntime.", "org.lwjgl.", "com.github.luben.");

    @ArchTest
    static final ArchRule modulesDependDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("scene")
            .definedBy(ROOT + "scene..")
            .layer("features")
            .definedBy(ROOT + "features..")
            .layer("matching")
            .definedBy(ROOT + "matching..")
            .layer("depth")
            .definedBy(ROOT + "depth..")
            .layer("splat")
            .definedBy(ROOT + "splat..")
            .layer("aerial")
            .definedBy(ROOT + "aerial..")
            .layer("samples")
            .definedBy(ROOT + "samples..")
            .whereLayer("scene")
            .mayNotAccessAnyLayer()
            .whereLayer("features")
            .mayOnlyAccessLayers("scene")
            .whereLayer("matching")
            .mayOnlyAccessLayers("scene", "features")
            .whereLayer("depth")
            .mayOnlyAccessLayers("scene", "features")
            .whereLayer("splat")
            .mayOnlyAccessLayers("scene")
            .whereLayer("aerial")
            .mayOnlyAccessLayers("scene", "features", "matching", "depth", "splat")
            .whereLayer("samples")
            .mayNotBeAccessedByAnyLayer();

    /** One photo, two photos, many photos, the whole chain. */
    @ArchTest
    static final ArchRule matchingIsLayered = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("robust")
            .definedBy(ROOT + "matching.robust")
            .layer("adjust")
            .definedBy(ROOT + "matching.adjust")
            .layer("keypoint")
            .definedBy(ROOT + "matching.keypoint")
            .layer("twoview")
            .definedBy(ROOT + "matching.twoview")
            .layer("sfm")
            .definedBy(ROOT + "matching.sfm")
            .layer("chain")
            .definedBy(ROOT + "matching")
            .whereLayer("robust")
            .mayNotAccessAnyLayer()
            .whereLayer("adjust")
            .mayNotAccessAnyLayer()
            .whereLayer("keypoint")
            .mayNotAccessAnyLayer()
            .whereLayer("twoview")
            .mayOnlyAccessLayers("keypoint", "robust")
            .whereLayer("sfm")
            .mayOnlyAccessLayers("keypoint", "twoview", "robust", "adjust")
            .whereLayer("chain")
            .mayNotBeAccessedByAnyLayer();

    /** Inside a module, an entry point may stand above the packages that do its parts and share its values. */
    @ArchTest
    static final ArchRule modulesFormNoCycles =
            slices().matching(ROOT + "(*)..").namingSlices("$1").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theGroundFloorNeedsThreeLibraries = classes()
            .that()
            .resideInAPackage(ROOT + "scene..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    ROOT + "scene..",
                    "java..",
                    "javax..",
                    "com.sun.management..", // of the JDK, for CpuTime
                    "org.w3c.dom..",
                    "org.joml..",
                    "com.fasterxml.jackson..",
                    "com.drew..",
                    "com.adobe..",
                    "org.jspecify.."));

    @ArchTest
    static final ArchRule splatsTrainWithoutOnnxOrBoofcv = noClasses()
            .that()
            .resideInAPackage(ROOT + "splat..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime..", "boofcv..", "org.ejml..", "com.fasterxml.."));

    @ArchTest
    static final ArchRule zstdStaysInTheFileFormats = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "splat.io..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("com.github.luben.."));

    @ArchTest
    static final ArchRule onnxStaysInFeatures = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "features..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("ai.onnxruntime.."));

    @ArchTest
    static final ArchRule boofcvStaysInMatching = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "matching..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("boofcv..", "georegression.."));

    @ArchTest
    static final ArchRule vulkanKnowsNothingAboveIt = classes()
            .that()
            .resideInAPackage(ROOT + "vulkan..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(ROOT + "vulkan..", "java..", "org.lwjgl..", "org.jspecify.."));

    @ArchTest
    static final ArchRule lwjglStaysUnderTheEngine = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "vulkan..", ROOT + "splat.gpu..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.lwjgl.."));

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints =
            noClasses().that().resideOutsideOfPackage(ROOT + "samples..").should(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule onlyTheCommandLineParsesArguments = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "samples..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("picocli.."));

    @ArchTest
    static final ArchRule jobsDoNotKnowTheCommandLine = noClasses()
            .that()
            .resideInAPackage(ROOT + "samples.run..")
            .should()
            .dependOnClassesThat(resideInAnyPackage(ROOT + "samples", "picocli.."))
            .orShould(ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule thereAreTwoSplatEnginesAtMost = classes()
            .that()
            .implement(SplatEngine.class)
            .should()
            .resideInAnyPackage(ROOT + "splat.jvm", ROOT + "splat.gpu");

    @ArchTest
    static final ArchRule otherLibrariesStayBehindTheApi =
            classes().that().arePublic().should(notShowOtherLibraries());

    @ArchTest
    static final ArchRule namesSayWhatAClassIs =
            noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Common)");

    @ArchTest
    static final ArchRule packagesAreNullMarked = classes()
            .that()
            .haveSimpleName("package-info")
            .should()
            .beAnnotatedWith("org.jspecify.annotations.NullMarked");

    private static ArchCondition<JavaClass> notShowOtherLibraries() {
        return new ArchCondition<>("not show types of other libraries in public methods") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaMethod method : type.getMethods()) {
                    if (!method.getModifiers().contains(JavaModifier.PUBLIC)) {
                        continue;
                    }
                    Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                            .map(JavaClass::getBaseComponentType)
                            .filter(shown -> HIDDEN.stream().anyMatch(shown.getName()::startsWith))
                            .forEach(shown -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " shows " + shown.getName())));
                }
            }
        };
    }
}
