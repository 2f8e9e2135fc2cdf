/**
 * Child processes of the demonstration and the benchmark: each party of a swarm in a JVM of its own. Start reading at
 * {@link io.runnel.cli.process.ChildJvm}.
 *
 * <p>A child takes {@link io.runnel.cli.process.Order}s on its standard input and tells
 * {@link io.runnel.cli.process.Event}s on its standard output, one JSON object a line. It ends when its standard input
 * does, so that a parent that is killed leaves no process behind.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.process;
