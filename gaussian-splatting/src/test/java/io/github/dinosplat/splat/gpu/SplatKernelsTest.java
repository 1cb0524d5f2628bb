package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.KernelSource;
import io.github.dinosplat.vulkan.ShaderLayout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The records of push constants against the compiled shaders; needs no device. */
class SplatKernelsTest {

    static Stream<KernelSource<?>> sources() {
        return Stream.of(
                SplatKernels.Project.SOURCE,
                SplatKernels.Project.SH16,
                SplatKernels.Update.SH16,
                SplatKernels.Compact.SOURCE,
                SplatKernels.OrderedCounts.SOURCE,
                SplatKernels.HitBudget.SOURCE,
                SplatKernels.Emit.SOURCE,
                SplatKernels.TileRanges.SOURCE,
                SplatKernels.Blend.SOURCE,
                SplatKernels.BlendFeatures.SOURCE,
                SplatKernels.Ssim.SOURCE,
                SplatKernels.LossGradient.SOURCE,
                SplatKernels.Totals.SOURCE,
                SplatKernels.BlendBackward.SOURCE,
                SplatKernels.Gather.SOURCE,
                SplatKernels.Update.SOURCE,
                SplatKernels.BlendBackwardFeatures.SOURCE,
                SplatKernels.UpdateFeatures.SOURCE,
                TermKernels.Place.SOURCE,
                TermKernels.Learn.SOURCE,
                TermKernels.CentreColours.SOURCE,
                TermKernels.ShapeMeans.SOURCE,
                TermKernels.ShapeSpread.SOURCE,
                TermKernels.ShapeGradient.SOURCE,
                TermKernels.Normals.SOURCE,
                TermKernels.PatchMeans.SOURCE,
                TermKernels.Patches.SOURCE,
                RefinementKernels.Weigh.SOURCE,
                RefinementKernels.Bury.SOURCE,
                RefinementKernels.Draw.SOURCE,
                RefinementKernels.Split.SOURCE,
                RefinementKernels.MortonSums.SOURCE,
                RefinementKernels.MortonKeys.SOURCE,
                RefinementKernels.Gather.SOURCE);
    }

    @ParameterizedTest
    @MethodSource("sources")
    void theRecordIsThatOfTheShader(KernelSource<?> source) {
        ShaderLayout.assertMatches(source);
    }
}
