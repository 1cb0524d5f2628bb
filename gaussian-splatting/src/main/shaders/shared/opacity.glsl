// Opacities as refinement sees them.
const float DEAD_OPACITY = 0.005; // at or below, a Gaussian is dead
const float MOST_OPACITY = 0.999999;
const uint FRESH = 0x80000000; // beside an index: what is made from this Gaussian starts with zero moments

float opacityOf(float logit) {
    return 1.0 / (1.0 + exp(-logit));
}
