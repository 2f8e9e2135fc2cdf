/**
 * The {@code runnel} command: one class for each subcommand. Start reading at {@link io.runnel.cli.RunnelCommand}.
 *
 * <p>A command reads its options, calls the packages below, and prints one {@link io.runnel.cli.report.Report}; what it means
 * to fetch, seed or demonstrate is not here.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli;
