package io.github.dinosplat.samples.pairs;

import java.nio.file.Path;

/**
 * Two photos and what is known of them.
 *
 * @param name how it is called in tables
 * @param a first photo
 * @param b second photo
 * @param truth by which matches are judged
 */
record KnownPair(String name, Path a, Path b, Truth truth) {}
