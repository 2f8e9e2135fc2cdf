/**
 * The raw rate of data channels, to hold the rate of a fetch against.
 *
 * <p>Start with {@link io.runnel.p2p.bench.RawChannels}. Not part of the SDK's work: nothing else uses it.
 */
package io.runnel.p2p.bench;
