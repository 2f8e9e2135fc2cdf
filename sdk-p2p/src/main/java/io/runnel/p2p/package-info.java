/**
 * Blobs from and to other viewers.
 *
 * <p>Start with {@code WebRtcSwarm}, the source provider handed to the {@code Runnel} builder. This package is the API
 * and the thin shell that ties the machines of the packages below it to threads, the tracker and the transport.
 */
package io.runnel.p2p;
