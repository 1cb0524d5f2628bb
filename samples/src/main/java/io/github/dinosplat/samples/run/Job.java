package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a run was asked to do, as far as its bookkeeping needs it.
 *
 * @param target where the results go and how the run was called
 * @param seed seed of all random choices
 * @param inputs SHA-256 of every input file by name
 */
record Job(RunTarget target, long seed, ObjectNode inputs) {}
