/**
 * The module's threads: daemons named {@code runnel-<role>-<n>}. Not exported.
 */
package io.runnel.http.threads;
