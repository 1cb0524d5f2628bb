/**
 * The report of a run: one self-contained HTML file made from what the run's folder holds. Everything is inside the page,
 * pictures as data, drawings as SVG; no script, no network.
 */
@NullMarked
package io.github.dinosplat.samples.report;

import org.jspecify.annotations.NullMarked;
