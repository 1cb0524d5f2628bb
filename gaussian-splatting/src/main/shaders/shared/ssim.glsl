// The window of the structural similarity (Wang et al. 2004): 11x11, Gaussian, sigma 1.5; as weights from its centre out.
const int RADIUS = 5;
const float WINDOW[6] = float[6](0.26601171493530273, 0.21300554275512695, 0.10936068743467331, 0.03600077331066132,
        0.0075987582094967365, 0.0010283801239132881);
const float SSIM_C1 = 0.0001;
const float SSIM_C2 = 0.0009;
const uint SIDE = 16; // a work group's square of pixels
const uint WIDE = SIDE + 2 * RADIUS; // with what its windows reach

float weightAt(int offset) {
    return WINDOW[abs(offset)];
}
