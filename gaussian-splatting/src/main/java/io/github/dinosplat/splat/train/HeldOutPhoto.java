package io.github.dinosplat.splat.train;

/**
 * How like its render a held-out photo is; both are shown to {@link HeldOutPictures}.
 *
 * @param name the photo's name
 * @param psnr decibels, see {@link io.github.dinosplat.splat.Metrics#psnr}
 * @param ssim similarity, see {@link io.github.dinosplat.splat.Metrics#ssim}
 * @param blurredSsim similarity of the photo to itself blurred with a Gaussian of 4 pixels: what fog would reach
 * @param seenShare the share of pixels whose content stereo finds again in a training photo, see
 *     {@link io.github.dinosplat.splat.stereo.DenseDepth#found}; the others show what no training photo does, or what has
 *     no texture to be found by
 * @param seenPsnr PSNR over these pixels alone, NaN where there are none
 */
public record HeldOutPhoto(
        String name, double psnr, double ssim, double blurredSsim, double seenShare, double seenPsnr) {}
