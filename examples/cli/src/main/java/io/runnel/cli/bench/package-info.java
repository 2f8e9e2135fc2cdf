/**
 * The benchmark of whole processes: how fast one viewer fetches from seeders on this machine, beside what the data
 * channels alone give in the same run, or what a viewer holds that fetches for an hour. Start reading at {@link
 * io.runnel.cli.bench.Bench} and {@link io.runnel.cli.bench.Soak}.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.bench;
