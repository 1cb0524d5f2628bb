package io.github.dinosplat.splat.io;

import io.github.dinosplat.splat.PinholeView;

/**
 * A camera that the viewer can go to.
 *
 * @param name what the viewer's list calls it, usually a photo's name
 * @param view where it is and what it sees
 */
public record ViewerCamera(String name, PinholeView view) {}
