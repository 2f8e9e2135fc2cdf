/**
 * How a command ends and what it has found out: exit codes, reports, units. Start reading at {@link
 * io.runnel.cli.report.Report}. It knows nothing of fetching, and every other package of the command may use it.
 */
@org.jspecify.annotations.NullMarked
package io.runnel.cli.report;
