package io.github.dinosplat.matching.adjust;

/** The system of poses and intrinsics that is left when the points are eliminated (Schur complement). */
interface ReducedSystem {

    /**
     * Solves the system with the diagonal raised by {@code lambda} times {@link NormalEquations#diagonal}.
     *
     * @param lambda damping
     * @param step receives the step of poses and intrinsics
     * @return whether the system was positive definite
     */
    boolean solve(double lambda, double[] step);
}
