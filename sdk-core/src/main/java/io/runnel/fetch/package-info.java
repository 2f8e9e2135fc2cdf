/**
 * The words of the public API: ranges, settings, what a player says, events, statistics and the one exception.
 *
 * <p>Start with {@link io.runnel.fetch.FetchListener}. Values, interfaces and {@link io.runnel.fetch.Playback} only; what acts on them is the engine, and
 * the entry point is {@code io.runnel.Runnel}.
 */
package io.runnel.fetch;
