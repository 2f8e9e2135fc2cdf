/**
 * Who of the connected peers is sent what, and when: a rate, a number of slots and a volume shared out between all
 * connections of a client.
 *
 * <p>Start with {@link io.runnel.p2p.upload.UploadGovernor}. Invariants: pure, time comes in with each input; nothing
 * depends on what a peer gave; nobody is served twice while another with a slot waits for its first turn. Whether
 * anything may be uploaded at all is not decided here.
 */
package io.runnel.p2p.upload;
