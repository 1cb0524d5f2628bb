/**
 * Two photos: their matches and the two-view geometry that the matches agree with.
 * {@link io.github.dinosplat.matching.twoview.PairMatcher} matches the pairs of a photo set, fast;
 * {@link io.github.dinosplat.matching.twoview.PhotoMatcher} matches two photos by themselves and goes to more lengths where they
 * differ much.
 *
 * <p>Photo A is the first of a pair, photo B the second; {@code bFromA} is their relative pose. Positions are in pixels of the
 * stored photos.
 *
 * <p>May use: {@code matching.keypoint}, {@code matching.robust}, scene, features, JOML.
 */
@NullMarked
package io.github.dinosplat.matching.twoview;

import org.jspecify.annotations.NullMarked;
