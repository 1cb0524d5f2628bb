/** Short programs to copy: each shows one use of the library from Java and runs as it is. */
@NullMarked
package io.github.dinosplat.samples.programs;

import org.jspecify.annotations.NullMarked;
