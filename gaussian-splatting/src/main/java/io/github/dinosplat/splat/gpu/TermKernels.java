package io.github.dinosplat.splat.gpu;

import io.github.dinosplat.vulkan.DeviceBuffer;
import io.github.dinosplat.vulkan.Kernel;
import io.github.dinosplat.vulkan.KernelSource;
import io.github.dinosplat.vulkan.Reads;
import io.github.dinosplat.vulkan.Scope;
import io.github.dinosplat.vulkan.Updates;
import io.github.dinosplat.vulkan.VulkanContext;
import io.github.dinosplat.vulkan.Writes;

/** The kernels of the terms that not every step has, and of what is learnt besides the Gaussians. */
final class TermKernels implements AutoCloseable {

    record Place(
            @Updates DeviceBuffer view,
            @Reads DeviceBuffer photos,
            @Reads DeviceBuffer background) {
        static final KernelSource<Place> SOURCE = KernelSource.of("splat/place", Place.class);
    }

    record Learn(
            @Reads DeviceBuffer view,
            @Updates DeviceBuffer status,
            @Updates DeviceBuffer photos,
            @Updates DeviceBuffer first,
            @Updates DeviceBuffer second,
            @Updates DeviceBuffer background) {
        static final KernelSource<Learn> SOURCE = KernelSource.of("splat/learn", Learn.class);
    }

    record CentreColours(
            @Reads DeviceBuffer status, @Updates DeviceBuffer photos, int count) {
        static final KernelSource<CentreColours> SOURCE = KernelSource.of("splat/centre_colours", CentreColours.class);
    }

    record ShapeMeans(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer predicted,
            @Writes DeviceBuffer means) {
        static final KernelSource<ShapeMeans> SOURCE = KernelSource.of("terms/shape_means", ShapeMeans.class);
    }

    record ShapeSpread(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer predicted,
            @Reads DeviceBuffer means,
            @Writes DeviceBuffer spreads) {
        static final KernelSource<ShapeSpread> SOURCE = KernelSource.of("terms/shape_spread", ShapeSpread.class);
    }

    record ShapeGradient(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer predicted,
            @Reads DeviceBuffer means,
            @Reads DeviceBuffer spreads,
            @Updates DeviceBuffer depthGradient,
            @Writes DeviceBuffer terms) {
        static final KernelSource<ShapeGradient> SOURCE = KernelSource.of("terms/shape_gradient", ShapeGradient.class);
    }

    record Normals(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer depth,
            @Reads DeviceBuffer predicted,
            @Updates DeviceBuffer depthGradient,
            @Writes DeviceBuffer sums,
            int groupsX,
            int groupsY) {
        static final KernelSource<Normals> SOURCE = KernelSource.of("terms/normals", Normals.class);
    }

    record PatchMeans(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer planes,
            @Writes DeviceBuffer units,
            @Writes DeviceBuffer lengths,
            int rows,
            int columns,
            int channels) {
        static final KernelSource<PatchMeans> SOURCE = KernelSource.of("terms/patch_means", PatchMeans.class);
    }

    record Patches(
            @Reads DeviceBuffer view,
            @Reads DeviceBuffer photo,
            @Reads DeviceBuffer target,
            @Reads DeviceBuffer units,
            @Reads DeviceBuffer lengths,
            @Writes DeviceBuffer gradients,
            @Writes DeviceBuffer terms,
            int rows,
            int columns,
            int channels) {
        static final KernelSource<Patches> SOURCE = KernelSource.of("terms/patches", Patches.class);
    }

    final Kernel<Place> place;
    final Kernel<Learn> learn;
    final Kernel<CentreColours> centreColours;
    final Kernel<ShapeMeans> shapeMeans;
    final Kernel<ShapeSpread> shapeSpread;
    final Kernel<ShapeGradient> shapeGradient;
    final Kernel<Normals> normals;
    final Kernel<PatchMeans> patchMeans;
    final Kernel<Patches> patches;
    private final Scope scope;

    private TermKernels(VulkanContext context, Scope scope) {
        this.scope = scope;
        place = scope.add(context.kernel(Place.SOURCE));
        learn = scope.add(context.kernel(Learn.SOURCE));
        centreColours = scope.add(context.kernel(CentreColours.SOURCE));
        shapeMeans = scope.add(context.kernel(ShapeMeans.SOURCE));
        shapeSpread = scope.add(context.kernel(ShapeSpread.SOURCE));
        shapeGradient = scope.add(context.kernel(ShapeGradient.SOURCE));
        normals = scope.add(context.kernel(Normals.SOURCE));
        patchMeans = scope.add(context.kernel(PatchMeans.SOURCE));
        patches = scope.add(context.kernel(Patches.SOURCE));
    }

    /** Makes all kernels, or none. */
    static TermKernels open(VulkanContext context) {
        return Scope.allOrNothing(scope -> new TermKernels(context, scope));
    }

    @Override
    public void close() {
        scope.close();
    }
}
