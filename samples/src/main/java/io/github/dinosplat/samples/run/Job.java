package io.github.dinosplat.samples.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run was asked to do, as far as its bookkeeping needs it.
 *
 * @param commandLine the command and its arguments
 * @param out the output folder
 * @param resume whether to go on with a run that the folder holds
 * @param seed seed of all random choices
 * @param inputs SHA-256 of every input file by name
 */
record Job(List<String> commandLine, Path out, boolean resume, long seed, ObjectNode inputs) {}
