/**
 * What matching of two photos is worth, measured on pairs whose geometry is known: {@link
 * io.github.dinosplat.samples.pairs.TwoViewTable} and {@link io.github.dinosplat.samples.pairs.GuidanceTable}. Uses matching
 * and features only.
 */
@NullMarked
package io.github.dinosplat.samples.pairs;

import org.jspecify.annotations.NullMarked;
