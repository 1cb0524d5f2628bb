package io.github.dinosplat.matching.robust;

import io.github.dinosplat.scene.Camera;

/** Checks and conversions of the estimators' input. */
final class Correspondences {

    private Correspondences() {}

    static void check(double[] pixelsA, double[] pixelsB) {
        if (pixelsA.length % 2 != 0 || pixelsA.length != pixelsB.length) {
            throw new IllegalArgumentException("expected pixelsA and pixelsB [N, 2] but lengths were " + pixelsA.length
                    + " and " + pixelsB.length);
        }
    }

    /** Viewing rays [n, 2] at depth 1. */
    static double[] rays(Camera camera, double[] pixels) {
        double[] rays = new double[pixels.length];
        double[] ray = new double[2];
        for (int i = 0; i < pixels.length; i += 2) {
            camera.unproject(pixels[i], pixels[i + 1], ray);
            rays[i] = ray[0];
            rays[i + 1] = ray[1];
        }
        return rays;
    }
}
