/**
 * What each term of the training is worth, measured on real photos: few training views, and photos with things pasted
 * into some of them.
 */
@NullMarked
package io.github.dinosplat.samples.ablation;

import org.jspecify.annotations.NullMarked;
