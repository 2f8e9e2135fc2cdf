/**
 * The figures of a client for Micrometer. Start with {@link io.runnel.metrics.RunnelMetrics}.
 *
 * <p>Micrometer is an optional dependency: only this package knows it, and nothing loads this package but an app that uses
 * it.
 */
package io.runnel.metrics;
