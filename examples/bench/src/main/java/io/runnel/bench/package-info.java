/**
 * JMH benchmarks. Every operation is over 1 MiB, so that a score in operations a second reads as MiB/s.
 *
 * <p>Run all with {@code java -jar examples/bench/target/bench-0.1.0-SNAPSHOT.jar}, or some by adding a regular
 * expression, such as {@code Blake3}. {@link io.runnel.bench.StoreBench} is a program of its own, since it measures a disk.
 */
package io.runnel.bench;
