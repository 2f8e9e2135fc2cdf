/**
 * How far something is, shown on standard error: as a bar on a terminal, as a line now and then elsewhere. Start reading
 * at {@link io.runnel.cli.progress.ProgressView}.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.progress;
