/**
 * The benchmark of whole processes: how fast one viewer fetches from seeders on this machine, beside what the data
 * channels alone give in the same run. Start reading at {@link io.runnel.cli.bench.Bench}.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.bench;
