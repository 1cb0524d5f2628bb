package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.Gaussians;
import io.github.dinosplat.splat.RenderOptions;

/**
 * What a splat file holds.
 *
 * @param gaussians the splats
 * @param mip whether they were trained to be dimmed where the low-pass widens them, see {@link RenderOptions#mip}: they
 *     look right only when rendered so
 */
public record StoredSplats(Gaussians gaussians, boolean mip) {

    /**
     * All coefficients on a black background, dimmed or not as the splats were trained.
     *
     * @return how to render them
     */
    public RenderOptions renderOptions() {
        return RenderOptions.defaults().withMip(mip);
    }
}
