/** Tests across modules: the architecture's rules, and whole runs on real photos. */
@NullMarked
package io.github.dinosplat.acceptance;

import org.jspecify.annotations.NullMarked;
