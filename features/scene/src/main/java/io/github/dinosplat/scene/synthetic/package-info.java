/**
 * Exact synthetic worlds for the demo and for tests: textured triangle meshes seen by an anti-aliased ray caster, with
 * depth and tracks known to working precision. Shares no code with the splat engines, which are judged by it.
 */
@NullMarked
package io.github.dinosplat.scene.synthetic;

import org.jspecify.annotations.NullMarked;
