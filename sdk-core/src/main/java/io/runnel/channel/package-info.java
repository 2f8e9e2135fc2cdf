/**
 * The port for text message channels: what the keys channel and signalling run over. The adapter over TLS websockets is
 * in sdk-http-fallback; sdk-p2p uses it through this port, so that the two adapters never see each other.
 *
 * <p>Start with {@link io.runnel.channel.ChannelConnector}.
 */
package io.runnel.channel;
