/**
 * The entry point for apps: {@link io.runnel.Runnel} opens a {@link io.runnel.Blob}, which reads.
 *
 * <p>Start with {@link io.runnel.Runnel}. The words its methods use are in {@code io.runnel.fetch}; what is plugged into
 * its builder implements the ports in {@code io.runnel.keys}, {@code io.runnel.source} and {@code io.runnel.store}.
 */
package io.runnel;
