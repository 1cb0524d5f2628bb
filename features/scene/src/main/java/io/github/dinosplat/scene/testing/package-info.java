/** What tests of all modules need: where the real photos are. Not for production code. */
@NullMarked
package io.github.dinosplat.scene.testing;

import org.jspecify.annotations.NullMarked;
