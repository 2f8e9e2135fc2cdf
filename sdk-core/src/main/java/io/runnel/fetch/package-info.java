/**
 * The words of the public API: ranges, settings, events, totals and the one exception.
 *
 * <p>Start with {@link io.runnel.fetch.FetchListener}. Values and interfaces only; what acts on them is the engine, and
 * the entry point is {@code io.runnel.Runnel}.
 */
package io.runnel.fetch;
