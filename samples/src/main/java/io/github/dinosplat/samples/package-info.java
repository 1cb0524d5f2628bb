/**
 * The command line: {@link io.github.dinosplat.samples.Dinosplat} with its commands, their options, and what a
 * person at the console sees. The jobs behind the commands are in {@code samples.run}. The only package that prints.
 */
@NullMarked
package io.github.dinosplat.samples;

import org.jspecify.annotations.NullMarked;
